// Front is the kernel that Jupyter starts. It starts GoNB, and stands between the two: messages pass as they are, but for what
// a newcomer should not meet (see package explain). It ends when GoNB does, and whatever becomes of it, GoNB ends with it.
//
// Usage:
//
//	front CONNECTION_FILE GONB [ARGUMENT...]
//	front stand-in SOCKET    (see standIn)
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: front CONNECTION_FILE GONB [ARGUMENT...]; Jupyter calls it")
		os.Exit(2)
	}
	if os.Args[1] == "stand-in" {
		if err := standIn(strings.TrimPrefix(os.Args[2], "unix;")); err != nil { // as gopls is told
			fmt.Fprintln(os.Stderr, "The stand-in for gopls:", err)
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
