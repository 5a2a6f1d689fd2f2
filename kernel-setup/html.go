//go:build !windows

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/page"
)

var htmlCommand = command{
	name:    "html",
	args:    "[NOTEBOOK...] [-o DIR] [-fresh] [-repository OWNER/NAME] [-timeout 5m] [-jobs N]",
	summary: "export notebooks as pages to read",
	help: `
Executes the notebooks, by default all of the tutorial, and writes a page for each and an index to the folder of -o,
which is then a site that can be copied to any web server, or opened as it is. Pages of an earlier export give way.
A notebook that was executed before is not executed again unless it or something that it depends on has changed.
Failures are those of run. A notebook that fails, cannot be read, or cannot be made a page gets none; the others get theirs.
The search on the index and the pages themselves need no server and no network.`,
	run: runHTML,
}

func runHTML(ctx context.Context, c command, s streams, args []string) error {
	set := c.flags()
	out := set.String("o", "", "write to this `folder`; by default site in the checkout")
	fresh := set.Bool("fresh", false, "execute also what has not changed")
	repository := set.String("repository", "", "link each page to where its notebook can be run or read, in this `OWNER/NAME` on GitHub")
	how := executionFlags(set)
	names, err := c.parse(s, set, args)
	if err != nil {
		return err
	}
	if fault := how.fault(); fault != "" {
		return c.wrong(s, set, fault)
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	root := filepath.Join(checkout.Dir(), "notebooks")
	if len(names) == 0 {
		if names, err = notebook.List(root); err != nil {
			return err
		}
		relativeToHere(names)
	}
	var failures error
	total := len(names)
	names = slices.DeleteFunc(names, func(name string) bool {
		err := refuseUnfit([]string{name})
		failures = errors.Join(failures, err)
		return err != nil
	})
	if len(names) == 0 {
		return failures
	}
	pages, err := page.Pages(root, names)
	if err != nil {
		return err
	}
	if *repository != "" {
		if !repositoryName.MatchString(*repository) {
			return c.wrong(s, set, fmt.Sprintf("A repository is named OWNER/NAME, and -repository says %q.", *repository))
		}
		for i := range pages {
			pages[i].Run = places(checkout.Dir(), *repository, pages[i].Notebook)
		}
	}
	if *out == "" {
		*out = filepath.Join(checkout.Dir(), "site")
	}
	if *out, err = filepath.Abs(*out); err != nil {
		return err
	}
	if err := page.Check(*out); err != nil {
		return err
	}
	if err := checkout.Install(ctx, s.err); err != nil {
		return err
	}
	cache, err := execute.OpenCache(checkout)
	if err != nil {
		return err
	}
	defer cache.Close()

	err = how.all(ctx, s, names, func(i int, progress func(int, int)) (outcome string, err error) {
		order := execute.In(checkout, names[i])
		order.Timeout = how.timeout
		pages[i].Executed, outcome, err = executed(ctx, cache, pages[i].Notebook, order, *fresh, progress)
		return outcome, err
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	failures = errors.Join(failures, err)
	pages = slices.DeleteFunc(pages, func(p page.Source) bool { return p.Executed == "" })
	if len(pages) == 0 {
		return failures
	}
	made, err := page.Render(ctx, pages, checkout.Python(), checkout.Environ())
	failures = errors.Join(failures, err)
	if len(made) == 0 {
		return failures
	}
	if err := page.Publish(*out, made); err != nil {
		return errors.Join(failures, err)
	}
	home := []string{filepath.Join(*out, page.Home)}
	relativeToHere(home)
	fmt.Fprintf(s.out, "%d of %d pages are made; open %s\n", len(made)-1, total, home[0])
	return failures
}

var repositoryName = regexp.MustCompile(`^[\w.-]+/[\w.-]+$`)

// places returns where a notebook of the checkout can be run or read once the repository is on GitHub; none for one that is
// not in the checkout.
func places(checkout, repository, notebook string) []page.Link {
	name, err := filepath.Rel(checkout, notebook)
	if err != nil || !filepath.IsLocal(name) {
		return nil
	}
	file := (&url.URL{Path: filepath.ToSlash(name)}).EscapedPath()
	links := []page.Link{{Name: "Binder", Href: "https://mybinder.org/v2/gh/" + repository + "/HEAD?urlpath=" + url.QueryEscape("lab/tree/"+file)}}
	if _, err := os.Stat(filepath.Join(checkout, ".devcontainer")); err == nil {
		links = append(links, page.Link{Name: "Codespaces", Href: "https://codespaces.new/" + repository})
	}
	return append(links, page.Link{Name: "the notebook's file", Href: "https://github.com/" + repository + "/blob/HEAD/" + file})
}

// executed returns the executed copy of the notebook in the file source, from the cache if it is there.
func executed(ctx context.Context, cache *execute.Cache, source string, order execute.Order, fresh bool, progress func(int, int)) (file, outcome string, err error) {
	if order.Copy, err = cache.Path(source); err != nil {
		return "", "", err
	}
	if _, err := os.Stat(order.Copy); err == nil && !fresh {
		return order.Copy, "not executed again", nil
	}
	before, err := os.ReadFile(source)
	if err != nil {
		return "", "", err
	}
	if err := execute.Run(ctx, order, progress); err != nil {
		return "", "", err
	}
	// What is beside it may change, also by its own cells: then the copy is not found again.
	if now, err := os.ReadFile(source); err != nil || !bytes.Equal(now, before) {
		os.Remove(order.Copy) // nobody knows which of the two it is of
		return "", "", errors.Join(err, fmt.Errorf("%s changed while it was executed; run the command again", order.Notebook))
	}
	return order.Copy, "", cache.Prune(source, order.Copy)
}

// relativeToHere shortens paths below the current folder.
func relativeToHere(paths []string) {
	here, err := os.Getwd()
	if err != nil {
		return
	}
	for i, path := range paths {
		if short, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(short) {
			paths[i] = short
		}
	}
}
