package environment

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// buildGopls builds gopls and fills its cache: it indexes the module cache, and checks a program that imports what cells import.
// Whoever starts the program expects the cache, so the program comes last.
func (in installer) buildGopls(ctx context.Context) ([]string, error) {
	home, err := os.MkdirTemp("", "home-*")
	if err != nil {
		return nil, explain(err, "")
	}
	defer os.RemoveAll(home)
	program := filepath.Join(in.EditorToolDir(), "program", "gopls")
	built := program + ".new"
	cache := filepath.Join(in.Venv(), "gopls-cache")
	indexer := filepath.Join(home, "gomodindex")
	for name, path := range map[string]string{built: "golang.org/x/tools/gopls", indexer: "golang.org/x/tools/internal/modindex/gomodindex"} {
		if err := run(in.goCommand(ctx, "build", "-o", name, path)); err != nil {
			return nil, err
		}
	}
	work := in.goCommand(ctx, "work", "init", in.workspaceModule())
	work.Dir = home
	// These without the limit on memory, with which they take several times as long.
	index := exec.CommandContext(ctx, indexer, "update")
	// Not `gopls check`: what that keeps, no editor finds.
	use := exec.CommandContext(ctx, built, "semtok", "warm.go")
	use.Dir = in.workspaceModule()
	for _, cmd := range []*exec.Cmd{work, index, use} {
		cmd.Env = append(in.cellCommand(ctx).Env, "GOPROXY="+in.LocalGoProxy(),
			"PATH="+filepath.Join(in.goEnv.GOROOT, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"),
			"GOPLSCACHE="+cache, "XDG_CACHE_HOME="+cache, "GO_TELEMETRY_CHILD=2",
			// It keeps other things in the home, and set-up writes nothing there but Go's own caches.
			"HOME="+home, "GOWORK="+filepath.Join(home, "go.work"))
		if err := run(cmd); err != nil {
			return nil, err
		}
	}
	return []string{program, cache}, os.Rename(built, program)
}
