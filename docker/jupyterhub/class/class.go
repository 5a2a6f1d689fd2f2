package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/processes"
)

// A class is the hub with its learners while it is held.
type class struct {
	hub      *hub
	learners []*learner
	chapters []string // as the learners' servers name them
	report   *report
	log      io.Writer

	pressedAgain atomic.Int64 // how often learners had to press the button that starts a server again
}

// hold holds a class from its beginning to its end, and returns what was measured. The error says what did not go as it
// should; the hub's own log is in it.
func hold(ctx context.Context, checkout *environment.Checkout, learners int, chapters []string, log io.Writer) (_ *report, err error) {
	dir, err := os.MkdirTemp("", "class-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c := &class{log: log, report: &report{Learners: learners, Chapters: chapters, Processors: runtime.NumCPU(), Go: checkout.GoVersion()}}
	var names []string
	for i := range learners {
		names = append(names, fmt.Sprintf("learner-%02d", i+1))
	}
	for _, chapter := range chapters {
		c.chapters = append(c.chapters, "notebooks/"+chapter)
		nb, err := notebook.Read(filepath.Join(checkout.Dir(), "notebooks", filepath.FromSlash(chapter)))
		if err != nil {
			return nil, err
		}
		for _, cell := range nb.Cells {
			if cell.Type == "code" {
				c.report.Cells++
			}
		}
	}
	if err := os.CopyFS(filepath.Join(dir, "notebooks"), os.DirFS(filepath.Join(checkout.Dir(), "notebooks"))); err != nil {
		return nil, err
	}
	c.say("setting up the hub")
	if c.hub, err = prepare(ctx, checkout, dir, names); err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, c.hub.stop())
		if err != nil {
			err = fmt.Errorf("%w\n\n%s", err, c.hub.complaints(dir))
		}
	}()
	for _, name := range names {
		l, err := newLearner(name, c.hub.base)
		if err != nil {
			return nil, err
		}
		c.learners = append(c.learners, l)
	}
	steps := []struct {
		name string
		take func(context.Context) error
	}{
		{"reading the configuration", c.hub.checkConfig},
		{"starting the hub", c.hub.start},
		{"strangers try to come in", c.refuse},
		{"all log in at once", c.logIn},
		{"all work through the chapters", c.work},
		{"all pause", c.pause},
		{"all try each other's servers", c.pry},
		{"kernels and servers are killed", c.kill},
		{"the hub is killed", c.killHub},
		{"all go home", c.goHome},
	}
	for _, step := range steps {
		c.say("%s", step.name)
		if err := step.take(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	c.report.PressedAgain = int(c.pressedAgain.Load())
	for _, l := range c.learners {
		c.report.KernelsAgain += l.kernelsAgain
	}
	return c.report, c.warnings()
}

func (c *class) say(format string, args ...any) {
	fmt.Fprintf(c.log, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

// each does something for all learners at the same time, and returns the first error.
func (c *class) each(ctx context.Context, do func(context.Context, int, *learner) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for i, l := range c.learners {
		g.Go(func() error {
			if err := do(ctx, i, l); err != nil {
				return fmt.Errorf("%s: %w", l.name, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// refuse has people try to come in who must not: one whom no list names, one with a short password, and, when all are in
// once, one who guesses.
func (c *class) refuse(ctx context.Context) error {
	for _, who := range []struct{ what, name, password string }{
		{"somebody on no list", "stranger", rand.Text()},
		{"a password of nine letters", c.learners[0].name, "ninechars"},
		{"a name that is no name", "../learner-01", rand.Text()},
	} {
		if err := c.refused(ctx, who.what, who.name, who.password); err != nil {
			return err
		}
	}
	return nil
}

func (c *class) refused(ctx context.Context, what, name, password string) error {
	l, err := newLearner(name, c.hub.base)
	if err != nil {
		return err
	}
	l.password = password
	if err := l.logIn(ctx); !errors.Is(err, errRefused) {
		return fmt.Errorf("%s was not refused, and the hub's answer was: %v", what, err)
	}
	return nil
}

func (c *class) startServer(ctx context.Context, l *learner) error {
	again, err := l.startServer(ctx)
	c.pressedAgain.Add(int64(again))
	return err
}

// logIn measures from the moment at which all press the button to that at which a learner's JupyterLab can be used.
func (c *class) logIn(ctx context.Context) error {
	before, err := sample(c.hub.mark)
	if err != nil {
		return err
	}
	c.report.HubMegabytes = megabytes(before[""].total())
	seconds := make([]float64, len(c.learners))
	start := time.Now()
	err = c.each(ctx, func(ctx context.Context, i int, l *learner) error {
		if err := l.logIn(ctx); err != nil {
			return err
		}
		if err := c.startServer(ctx, l); err != nil {
			return err
		}
		seconds[i] = time.Since(start).Seconds()
		return nil
	})
	if err != nil {
		return err
	}
	c.report.StartMedian, c.report.StartWorst = round(median(seconds)), round(slices.Max(seconds))
	by, err := sample(c.hub.mark)
	if err != nil {
		return err
	}
	c.report.StartProcessorSeconds = round(processorSeconds(by))
	c.report.HubProcessorSeconds = math.Round(100*(by[""].seconds-before[""].seconds)/float64(len(c.learners))) / 100
	return nil
}

// processorSeconds is the median of what learners have used.
func processorSeconds(by map[string]use) float64 {
	var all []float64
	for learner, u := range by {
		if learner != "" {
			all = append(all, u.seconds)
		}
	}
	return median(all)
}

// work has all run all chapters, save them, and use completion. Then no cell may have failed that should not, and none
// may lack an output that another learner's has.
func (c *class) work(ctx context.Context) error {
	account := watch(ctx, c.hub.mark)
	defer account.close()
	var mu sync.Mutex
	shapes := map[string]map[string][]string{} // by chapter and the kinds of outputs, who has them
	start := time.Now()
	seconds := make([]float64, len(c.learners))
	err := c.each(ctx, func(ctx context.Context, i int, l *learner) error {
		for n, chapter := range c.chapters {
			d, err := l.load(ctx, chapter)
			if err != nil {
				return err
			}
			k, err := l.open(ctx, chapter)
			if err != nil {
				return err
			}
			defer k.close()
			if err := l.run(ctx, k, d, func(int) error { return nil }); err != nil {
				return err
			}
			if err := l.save(ctx, chapter, d); err != nil {
				return err
			}
			nb, err := d.typed()
			if err != nil {
				return err
			}
			mu.Lock()
			if shapes[chapter] == nil {
				shapes[chapter] = map[string][]string{}
			}
			shapes[chapter][shape(nb)] = append(shapes[chapter][shape(nb)], l.name)
			mu.Unlock()
			if n < len(c.chapters)-1 {
				if err := l.closeKernels(ctx); err != nil {
					return err
				}
				continue
			}
			seconds[i] = time.Since(start).Seconds()
			return l.typeSomething(ctx, k)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for chapter, by := range shapes {
		if len(by) > 1 {
			return fmt.Errorf("%s ended with different kinds of outputs: %v", chapter, by)
		}
	}
	if err := account.close(); err != nil {
		return err
	}
	c.report.ChaptersMedian, c.report.ChaptersWorst = round(median(seconds)), round(slices.Max(seconds))
	c.report.PeakMegabytes = kindsInMegabytes(medians(account.peak))
	delete(account.totals, "")
	c.report.PeakMedian = megabytes(median(slices.Collect(maps.Values(account.totals))))
	c.report.PeakWorst = megabytes(slices.Max(slices.Collect(maps.Values(account.totals))))
	c.report.ClassPeak = megabytes(account.class)
	return nil
}

// shape says for each cell which kinds of outputs it has.
func shape(nb *notebook.Notebook) string {
	var b strings.Builder
	for _, cell := range nb.Cells {
		kinds := map[string]bool{}
		for _, o := range cell.Outputs {
			kinds[o.Type+" "+o.Name] = true
			for mime := range o.Data {
				kinds[mime] = true
			}
		}
		if len(kinds) > 0 {
			fmt.Fprintln(&b, cell.ID, slices.Sorted(maps.Keys(kinds)))
		}
	}
	return b.String()
}

// typeSomething asks for completion, again and again as one does who types on, until it comes: gopls is not there from
// the first moment.
func (l *learner) typeSomething(ctx context.Context, k *kernelClient) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		matches, err := k.complete(ctx, "%%\nfmt.Printl")
		if err != nil {
			return err
		}
		if slices.Contains(matches, "Println") {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
	return fmt.Errorf("completion offers nothing after %v", patience)
}

// pause waits until nothing happens any more, and measures what learners take who read.
func (c *class) pause(ctx context.Context) error {
	var by map[string]use
	last, quiet := -1.0, 0
	for deadline := time.Now().Add(patience); quiet < 5; {
		var err error
		if by, err = sample(c.hub.mark); err != nil {
			return err
		}
		now := 0.0
		for _, u := range by {
			now += u.seconds
		}
		quiet++
		if last < 0 || now-last > 0.02*float64(len(by)) {
			quiet = 0
		}
		last = now
		if time.Now().After(deadline) {
			return fmt.Errorf("the class does not come to rest in %v", patience)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
	memory := map[string]map[kind]int64{}
	var totals []int64
	for learner, u := range by {
		if learner == "" {
			continue
		}
		memory[learner] = u.memory
		totals = append(totals, u.total())
		for _, k := range []kind{server, kernel, editor} {
			if u.memory[k] == 0 {
				return fmt.Errorf("%s has no %s", learner, k)
			}
		}
	}
	if len(totals) != len(c.learners) {
		return fmt.Errorf("%d learners have processes, and there are %d", len(totals), len(c.learners))
	}
	c.report.RestMegabytes = kindsInMegabytes(medians(memory))
	c.report.RestMedian, c.report.RestWorst = megabytes(median(totals)), megabytes(slices.Max(totals))
	c.report.ProcessorSeconds = round(processorSeconds(by))
	return nil
}

// pry has somebody guess a password, and each learner try the server of the next, with their own token and with none. And
// it looks at what listens.
func (c *class) pry(ctx context.Context) error {
	if err := c.refused(ctx, "a wrong password", c.learners[0].name, rand.Text()); err != nil {
		return err
	}
	err := c.each(ctx, func(ctx context.Context, i int, l *learner) error {
		other := c.learners[(i+1)%len(c.learners)]
		nobody, err := newLearner("nobody", c.hub.base)
		if err != nil {
			return err
		}
		for _, address := range []string{other.at("contents"), other.at("kernels"), "hub/api/users/" + other.name, "hub/api/users"} {
			for _, who := range []*learner{{name: l.name, base: l.base, client: nobody.client, token: l.token}, nobody} {
				err := who.api(ctx, "GET", address, nil, nil, http.StatusOK)
				if !is(err, http.StatusForbidden) && !is(err, http.StatusNotFound) {
					return fmt.Errorf("%s asked for %s, which is not theirs, and the answer was not 403 but: %v", who.name, address, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	all, err := processes.Marked(c.hub.mark)
	if err != nil {
		return err
	}
	doors, err := processes.Listening(all)
	if err != nil {
		return err
	}
	if len(doors) < 3+len(c.learners) { // proxy twice, hub, and each server
		return fmt.Errorf("the class listens on %v only, so not all of it is seen", doors)
	}
	for _, door := range doors {
		if !door.IP.IsLoopback() {
			return fmt.Errorf("something of the class listens beyond this machine, on %v", door)
		}
	}
	return nil
}

// kill kills the kernels of every other learner and all processes of the others, as it is when a container is ended, in
// the middle of a cell. Then what was saved must be there, and all go on to the end of the chapter.
func (c *class) kill(ctx context.Context) error {
	chapter := c.chapters[len(c.chapters)-1]
	seconds := make([]float64, len(c.learners))
	err := c.each(ctx, func(ctx context.Context, i int, l *learner) error {
		d, err := l.load(ctx, chapter)
		if err != nil {
			return err
		}
		source, want := l.ownCell()
		d.write("own", source)
		k, err := l.open(ctx, chapter)
		if err != nil {
			return err
		}
		defer k.close()
		middle := errors.New("half of the cells have run")
		cells := len(d.tree["cells"].([]any))
		err = l.run(ctx, k, d, func(cell int) error {
			if cell == cells/4 { // about half of the cells are code
				return middle
			}
			return nil
		})
		if !errors.Is(err, middle) {
			return fmt.Errorf("the chapter ended before its middle: %w", err)
		}
		if err := l.save(ctx, chapter, d); err != nil {
			return err
		}
		victim := kernel
		if i%2 == 1 {
			victim = "" // all there is
		}
		if err := c.killDuringCell(ctx, l, k, victim); err != nil {
			return err
		}
		start := time.Now()
		if err := c.startServer(ctx, l); err != nil {
			return err
		}
		found, err := l.load(ctx, chapter)
		if err != nil {
			return err
		}
		if !sameContent(found, d) {
			return fmt.Errorf("%s is not as it was saved", chapter)
		}
		if k, err = l.open(ctx, chapter); err != nil {
			return err
		}
		defer k.close()
		if _, _, err := k.execute(ctx, "%%\nfmt.Println()"); err != nil {
			return err
		}
		seconds[i] = time.Since(start).Seconds()
		if err := l.run(ctx, k, found, func(int) error { return nil }); err != nil {
			return err
		}
		if err := l.save(ctx, chapter, found); err != nil {
			return err
		}
		return c.onDisk(l, chapter, found, want)
	})
	var kernels, servers []float64
	for i, s := range seconds {
		if i%2 == 0 {
			kernels = append(kernels, s)
		} else {
			servers = append(servers, s)
		}
	}
	c.report.KernelBackMedian, c.report.ServerBackMedian = round(median(kernels)), round(median(servers))
	return err
}

// killDuringCell runs a cell that would take long, kills the learner's processes of a kind while it runs, and returns
// when the learner sees it. The empty kind is all kinds.
func (c *class) killDuringCell(ctx context.Context, l *learner, k *kernelClient, victim kind) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the learner was not told that the kernel is gone"))
	defer cancel()
	killed := false
	err := k.request(ctx, "execute_request", map[string]any{"code": "%%\nfmt.Println(\"begun\")\ntime.Sleep(time.Hour)", "silent": false,
		"store_history": true, "user_expressions": map[string]any{}, "allow_stdin": false, "stop_on_error": false,
	}, func(m message) (bool, error) {
		if m.Header.Type != "stream" || killed || !strings.Contains(string(m.Content), "begun") {
			return false, nil
		}
		all, err := family(c.hub.mark)
		if err != nil {
			return false, err
		}
		for _, p := range all {
			if p.learner == l.name && (p.kind == victim || victim == "") {
				if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
					return false, err
				}
				killed = true
			}
		}
		if !killed {
			return false, errors.New("there was nothing to kill")
		}
		return false, nil
	})
	if !killed || !errors.Is(err, errKernelGone) {
		return fmt.Errorf("the cell was to be killed; killed: %v, and it ended with: %w", killed, err)
	}
	return nil
}

// sameContent reports whether two documents have the same cells with the same outputs.
func sameContent(a, b *document) bool {
	x, errX := a.typed()
	y, errY := b.typed()
	return errX == nil && errY == nil && reflect.DeepEqual(x.Cells, y.Cells)
}

// onDisk fails unless the learner's file has the document, with the output of their own cell.
func (c *class) onDisk(l *learner, chapter string, d *document, want string) error {
	nb, err := notebook.Read(filepath.Join(c.hub.dir, "homes", l.name, filepath.FromSlash(chapter)))
	if err != nil {
		return err
	}
	screen, err := d.typed()
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(nb.Cells, screen.Cells) {
		return fmt.Errorf("the file of %s is not what was saved", chapter)
	}
	own := nb.Cells[len(nb.Cells)-1]
	if own.ID != "own" || own.Stream("stdout") != want {
		return fmt.Errorf("the own cell %s was to print %d bytes, and the file has %q", own.ID, len(want), own.Stream("stdout"))
	}
	return nil
}

// killHub kills the hub while kernels have things in memory, and starts it anew: servers, kernels and log-ins must all be
// there. Who was taken off the list meanwhile must not come in.
func (c *class) killHub(ctx context.Context) error {
	chapter := c.chapters[0]
	ask := func(ctx context.Context, l *learner, source, want string) error {
		k, err := l.open(ctx, chapter)
		if err != nil {
			return err
		}
		defer k.close()
		outputs, _, err := k.execute(ctx, source)
		if err != nil {
			return err
		}
		if len(outputs) != 1 || outputs[0].(map[string]any)["text"] != want {
			return fmt.Errorf("the kernel was to print %q, and its outputs are %v", want, outputs)
		}
		return nil
	}
	err := c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		return ask(ctx, l, fmt.Sprintf("func mine() string { return %q }\n\n%%%%\nfmt.Println(mine())", l.name), l.name+"\n")
	})
	if err != nil {
		return err
	}
	if err := c.hub.kill(); err != nil {
		return err
	}
	var names []string
	for _, l := range c.learners {
		names = append(names, l.name)
	}
	if err := c.hub.enroll(names); err != nil {
		return err
	}
	start := time.Now()
	if err := c.hub.start(ctx); err != nil {
		return err
	}
	err = c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		if err := c.startServer(ctx, l); err != nil {
			return err
		}
		return ask(ctx, l, "%%\nfmt.Println(mine())", l.name+"\n")
	})
	c.report.HubBack = round(time.Since(start).Seconds())
	return errors.Join(err, c.refused(ctx, "a name taken off the list", dropout, rand.Text()))
}

// goHome has all stop their servers, which then must be gone. Kernels and gopls may run on, because no container ends with
// the server here.
func (c *class) goHome(ctx context.Context) error {
	err := c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		return l.api(ctx, "DELETE", "hub/api/users/"+l.name+"/server", nil, nil, http.StatusNoContent, http.StatusAccepted)
	})
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); ; {
		all, err := family(c.hub.mark)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(all, func(p process) bool { return p.kind != server })
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("these still run after they were stopped: %+v", left)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// warnings fails if the hub or a server complained of its configuration.
func (c *class) warnings() error {
	for line := range strings.Lines(c.hub.said()) {
		if strings.Contains(line, "not recognized") {
			return fmt.Errorf("a setting has no effect: %s", line)
		}
	}
	return nil
}
