package environment

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// goplsScript starts gopls, which lies beside it in program, in a way that takes a seventh of the memory.
//
// Without its cache gopls type-checks the standard library and every package that a cell may import, takes 400 MB for it
// and keeps them. Its own place for the cache is in the home, and that is new in a container and for each learner of a
// class: so it is here, filled by set-up. What cannot be written to it, because it is another user's, is only not kept.
//
// Beside it lies its index of the module cache. Within the limit below, gopls takes ten seconds of the processor to make one.
//
// gopls sets 100 MB aside that it never uses, and they count: of the limit 60 MB are left, and it needs 40. With less it
// would collect garbage all the time.
//
// The telemetry of Go's tools has a process beside each gopls, and in each new home one that takes 100 MB for the reports
// of the day. With this value there is none.
//
// GoNB ends it, and where GoNB is killed, nobody does: it ends by itself when it has been without GoNB for a minute.
//
// A kernel may start before set-up has built gopls. Until then the front stands in for it, and then finds it at another socket.
const goplsScript = `#!/bin/sh
dir=${0%/*}
GOCACHE=$(go env GOCACHE) || exit 1
export GOCACHE GOPLSCACHE="$dir/../../gopls-cache" GOMEMLIMIT=160MiB GO_TELEMETRY_CHILD=2
export XDG_CACHE_HOME="$GOPLSCACHE"
if [ ! -e "$dir/program/gopls" ]; then
	"$dir/../front" stand-in "$2" &
	until [ -e "$dir/program/gopls" ]; do sleep 1; done
	set -- "$1" "$2.late"
fi
exec "$dir/program/gopls" "$@" -listen.timeout=1m
`

// buildGopls builds gopls and fills its cache: it indexes the module cache, and checks a program that imports what cells import.
// The script waits for the program, so that comes last.
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
