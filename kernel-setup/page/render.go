package page

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

//go:embed site.py
var script string

// A Source is a notebook and the page that it becomes.
type Source struct {
	Notebook string `json:"source"`   // as the author has it, an absolute path
	Executed string `json:"executed"` // its executed copy, an absolute path
	Name     string `json:"page"`     // of the page in the site, with slashes
}

// A Site is what Render makes.
type Site struct {
	Folder string   `json:"folder"` // absolute
	Pages  []Source `json:"pages"`  // in the order in which they are read
}

// Home is the name of the page that leads to the others.
const Home = "index.html"

// Render writes the pages and Home to the folder. It runs the given Python, with that environment.
func Render(ctx context.Context, site Site, python string, env []string) error {
	order, err := json.Marshal(site)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, python, "-c", script)
	cmd.Env = env
	cmd.Stdin = bytes.NewReader(order)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is ours to pass on
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("making the pages failed: %w\n    %s", err, strings.Join(lines[max(0, len(lines)-12):], "\n    "))
	}
	return nil
}
