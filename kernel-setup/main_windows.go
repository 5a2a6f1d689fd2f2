package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "The Go kernel does not run on Windows itself: use WSL 2 (in a terminal, wsl --install, then this command in its Ubuntu) or the container; README.md says how.")
	os.Exit(1)
}
