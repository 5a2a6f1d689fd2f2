// Front is the kernel that Jupyter starts. It starts GoNB, and stands between the two: messages pass as they are, but for what
// a newcomer should not meet (see package explain). It ends when GoNB does, and whatever becomes of it, GoNB ends with it.
//
// Usage:
//
//	front CONNECTION_FILE GONB [ARGUMENT...]
//	gopls -listen unix;SOCKET    (by that name it is what GoNB takes for gopls; see serveGopls)
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: front CONNECTION_FILE GONB [ARGUMENT...]; Jupyter calls it")
		os.Exit(2)
	}
	if filepath.Base(os.Args[0]) == "gopls" {
		if err := serveGopls(strings.TrimPrefix(os.Args[2], "unix;"), filepath.Dir(os.Args[0])); err != nil {
			fmt.Fprintln(os.Stderr, "Completion and help ended:", err)
			os.Exit(1)
		}
		return
	}
	// A signal to the group is GoNB's too, which ends itself then, and with it this. To ignore them would make its programs ignore them.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	code, err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "The Go kernel did not start:", err)
	}
	os.Exit(code)
}
