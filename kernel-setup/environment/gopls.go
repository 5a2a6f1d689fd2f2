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
// gopls sets 100 MB aside that it never uses, and they count: of the limit 60 MB are left, and it needs 40. With less it
// would collect garbage all the time.
//
// The telemetry of Go's tools has a process beside each gopls, and in each new home one that takes 100 MB for the reports
// of the day. With this value there is none.
//
// A kernel may start before set-up has built gopls. Until then the front stands in for it, and then finds it at another socket.
const goplsScript = `#!/bin/sh
dir=${0%/*}
export GOPLSCACHE="$dir/../../gopls-cache" GOMEMLIMIT=160MiB GO_TELEMETRY_CHILD=2
if [ ! -e "$dir/program/gopls" ]; then
	"$dir/../front" stand-in "$2" &
	until [ -e "$dir/program/gopls" ]; do sleep 1; done
	set -- "$1" "$2.late"
fi
exec "$dir/program/gopls" "$@"
`

// buildGopls builds gopls and fills its cache: it checks a program that imports what cells import, in a module like a cell's.
// The script waits for the program, so that comes last.
func (c *Checkout) buildGopls(ctx context.Context) ([]string, error) {
	dir, err := os.MkdirTemp("", "cell-*")
	if err != nil {
		return nil, explain(err, "")
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(c.sourceDir(), "warm"))); err != nil {
		return nil, explain(err, "")
	}
	program := filepath.Join(c.EditorToolDir(), "program", "gopls")
	built := program + ".new"
	if err := run(c.goCommand(ctx, "build", "-o", built, "golang.org/x/tools/gopls")); err != nil {
		return nil, err
	}
	for _, cmd := range []*exec.Cmd{
		c.goCommand(ctx, "mod", "init", "cell"),
		c.goCommand(ctx, "work", "init", ".", c.dir),
		// Without the limit on memory, with which this takes twice as long.
		exec.CommandContext(ctx, built, "check", "warm.go"),
	} {
		cmd.Dir = dir
		cmd.Env = append(c.goCommand(ctx).Env, "GOWORK=", "GOPROXY="+c.LocalGoProxy(),
			"PATH="+filepath.Join(c.goEnv.GOROOT, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"),
			"GOPLSCACHE="+filepath.Join(c.Venv(), "gopls-cache"), "GO_TELEMETRY_CHILD=2",
			// It keeps other things in the home, and set-up writes nothing there but Go's own caches.
			"HOME="+dir, "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "GOMODCACHE="+c.goEnv.GOMODCACHE, "GOCACHE="+c.goEnv.GOCACHE)
		if err := run(cmd); err != nil {
			return nil, err
		}
	}
	return []string{program}, os.Rename(built, program)
}
