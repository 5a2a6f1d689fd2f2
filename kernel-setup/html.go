package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/page"
	"tutorial/kernel-setup/site"
)

var htmlCommand = command{
	name:    "html",
	args:    "[NOTEBOOK...] [-o DIR] [-fresh] [-timeout 5m] [-jobs N]",
	summary: "export notebooks as pages to read",
	help: `
Executes the notebooks, by default all of the tutorial, and writes a page for each and an index to the folder of -o,
which is then a site that can be copied to any web server, or opened as it is. Pages of an earlier export give way.
A notebook that was executed before is not executed again unless it or something that it depends on has changed.
Failures are those of run; a notebook that fails gets no page, and the others get theirs.`,
}

func init() { htmlCommand.run = runHTML }

func runHTML(ctx context.Context, s streams, args []string) error {
	set := htmlCommand.flags(s)
	out := set.String("o", "", "write to this `folder`; by default site in the checkout")
	fresh := set.Bool("fresh", false, "execute also what has not changed")
	how := executionFlags(set)
	names, err := htmlCommand.parse(s, set, args)
	if err != nil {
		return err
	}
	if fault := how.fault(); fault != "" {
		return htmlCommand.wrong(s, set, fault)
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	root := filepath.Join(checkout.Dir(), "notebooks")
	if len(names) == 0 {
		if names, err = site.Notebooks(root); err != nil {
			return err
		}
		relativeToHere(names)
	}
	if err := refuseUnfit(names); err != nil {
		return err
	}
	pages, err := site.Pages(root, names)
	if err != nil {
		return err
	}
	if *out == "" {
		*out = filepath.Join(checkout.Dir(), "site")
	}
	if *out, err = filepath.Abs(*out); err != nil {
		return err
	}
	folder, err := site.Open(*out)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := checkout.Install(ctx, s.err); err != nil {
		return err
	}
	cache, err := execute.OpenCache(checkout)
	if err != nil {
		return err
	}
	defer cache.Close()

	failures := how.all(ctx, s, names, func(i int, progress func(int)) (outcome string, err error) {
		order := execute.In(checkout, names[i])
		order.Timeout = how.timeout
		pages[i].Executed, outcome, err = executed(ctx, cache, pages[i].Notebook, order, *fresh, progress)
		return outcome, err
	})
	if ctx.Err() != nil {
		return failures
	}
	made := page.Site{Folder: folder.Stage()}
	for _, p := range pages {
		if p.Executed != "" {
			made.Pages = append(made.Pages, p)
		}
	}
	if len(made.Pages) == 0 {
		return failures
	}
	if err := page.Render(ctx, made, checkout.Python(), checkout.Environ()); err != nil {
		return errors.Join(failures, err)
	}
	if err := folder.Publish(); err != nil {
		return errors.Join(failures, err)
	}
	home := []string{filepath.Join(*out, page.Home)}
	relativeToHere(home)
	fmt.Fprintf(s.out, "%d of %d pages are made; open %s\n", len(made.Pages), len(pages), home[0])
	return failures
}

// executed returns the executed copy of the notebook in the file source, from the cache if it is there.
func executed(ctx context.Context, cache *execute.Cache, source string, order execute.Order, fresh bool, progress func(int)) (file, outcome string, err error) {
	if order.Copy, err = cache.Path(source); err != nil {
		return "", "", err
	}
	if _, err := os.Stat(order.Copy); err == nil && !fresh {
		return order.Copy, "not executed again", nil
	}
	if err := execute.Run(ctx, order, progress); err != nil {
		return "", "", err
	}
	if now, err := cache.Path(source); err != nil || now != order.Copy {
		os.Remove(order.Copy) // nobody knows which of the two it is of
		return "", "", errors.Join(err, fmt.Errorf("%s, or something beside it, changed while it was executed; run the command again", order.Notebook))
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
