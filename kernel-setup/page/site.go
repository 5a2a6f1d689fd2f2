package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A Source is a notebook and the page that it becomes.
type Source struct {
	Given    string `json:"-"`        // the notebook, as the user names it
	Notebook string `json:"source"`   // the notebook as the author has it, an absolute path
	Executed string `json:"executed"` // its executed copy, an absolute path
	Name     string `json:"page"`     // of the page in the site, with slashes
	Run      []Link `json:"run"`      // where the notebook can be run or read
}

// A Link is a place on the web.
type Link struct {
	Name string `json:"name"`
	Href string `json:"href"`
}

// Home is the name of the page that leads to the others.
const Home = "index.html"

// Render makes the pages, which are read in this order, and Home, and returns their content by name. It runs the given
// Python, with that environment. The error says of each page that is not made why it is not. If there are none, there is no
// Home.
func Render(ctx context.Context, pages []Source, python string, env []string) (map[string]string, error) {
	order, err := json.Marshal(pages)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-P", "-m", module) // no file of the current folder is taken for a module
	cmd.Env = env
	cmd.Stdin = bytes.NewReader(order)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is ours to pass on
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	var answer struct{ Pages, Failed map[string]string }
	if err == nil {
		err = json.Unmarshal(out, &answer)
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		return nil, fmt.Errorf("making the pages failed: %w\n    %s", err, strings.Join(lines[max(0, len(lines)-12):], "\n    "))
	}
	var errs []error
	for _, p := range pages {
		if reason, ok := answer.Failed[p.Name]; ok {
			errs = append(errs, fmt.Errorf("%s gets no page: %s", p.Given, reason))
		}
	}
	return answer.Pages, errors.Join(errs...)
}

// Pages returns the page of each notebook, without its executed copy. Notebooks below the folder root keep their
// folders, others come to the top. It fails if two would become the same page.
func Pages(root string, names []string) ([]Source, error) {
	taken := map[string]string{Home: ""}
	pages := make([]Source, len(names))
	for i, name := range names {
		source, err := absolute(name)
		if err != nil {
			return nil, err
		}
		target := filepath.Base(source)
		if inside, err := filepath.Rel(root, source); err == nil && filepath.IsLocal(inside) {
			target = inside
		}
		target = filepath.ToSlash(strings.TrimSuffix(target, ".ipynb") + ".html")
		switch other, ok := taken[strings.ToLower(target)]; { // some disks do not tell capitals apart
		case !ok:
		case other == "":
			return nil, fmt.Errorf("the page of %s would take the place of the site's first page; rename the notebook", name)
		default:
			return nil, fmt.Errorf("the pages of %s and %s would both be %s; export them one after the other, into two folders", other, name, path.Base(target))
		}
		taken[strings.ToLower(target)] = name
		pages[i] = Source{Given: name, Notebook: source, Name: target}
	}
	return pages, nil
}

// absolute returns the absolute path without symbolic links, for two names of a file to be one.
func absolute(name string) (string, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(name)
	if os.IsNotExist(err) {
		return name, nil
	}
	return real, err
}
