// Package jupyterhub_test holds a class on this machine, as README.md describes one: learners log in at the same moment,
// each to a server and a kernel of their own, and run a chapter; then kernels, servers and the hub are killed.
//
//	go test -timeout 1h -v ./docker/jupyterhub -run TestClass -learners 20
package jupyterhub_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/processes"
)

var learners = flag.Int("learners", 0, "hold a class of so many learners, at least two")

const chapter = "notebooks/threading/01_basic_threading.ipynb" // as the learners' servers name it

// A class is the hub with its learners.
type class struct {
	hub      *hub
	learners []*learner
	t        *testing.T

	venv   string
	cached int // packages in gopls's cache before the class
}

// cachedPackages counts the packages in gopls's cache: for each that it has checked there is a file with what it exports.
func cachedPackages(venv string) (int, error) {
	files, err := filepath.Glob(filepath.Join(venv, "gopls-cache", "gopls", "*", "*", "*-export"))
	return len(files), err
}

// TestClass holds a class with the hub and the proxy of their locks and the ready configuration.
func TestClass(t *testing.T) {
	if *learners == 0 {
		t.Skip("a class takes minutes: -learners 3")
	}
	if runtime.GOOS != "linux" {
		t.Skip("the processes of a class are found in /proc")
	}
	checkout, err := environment.Find(".")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkout.Install(t.Context(), t.Output()); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if end, ok := t.Deadline(); ok { // whoever is ended by it leaves the hub and its servers running
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, end.Add(-time.Minute))
		defer cancel()
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "notebooks"), os.DirFS(filepath.Join(checkout.Dir(), "notebooks"))); err != nil {
		t.Fatal(err)
	}
	c := &class{t: t, venv: checkout.Venv()}
	if c.cached, err = cachedPackages(c.venv); err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range *learners {
		names = append(names, fmt.Sprintf("learner-%02d", i+1))
	}
	if c.hub, err = prepare(ctx, checkout, dir, names); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.hub.stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(c.hub.complaints())
		}
	})
	for _, name := range names {
		c.learners = append(c.learners, newLearner(name, c.hub.base))
	}
	for _, step := range []struct {
		name string
		take func(context.Context) error
	}{
		{"reading the configuration", c.hub.checkConfig},
		{"starting the hub", c.hub.start},
		{"strangers try to come in", c.refuse},
		{"all log in at once", c.logIn},
		{"all work through the chapter", c.work},
		{"all pause", func(ctx context.Context) error { return c.pause(ctx, false) }},
		{"all use completion", c.complete},
		{"all pause again", func(ctx context.Context) error { return c.pause(ctx, true) }},
		{"all try each other's servers", c.pry},
		{"kernels and servers are killed", c.kill},
		{"the hub is killed", c.killHub},
		{"all go home", c.goHome},
	} {
		start := time.Now()
		if err := step.take(ctx); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		t.Logf("%-32s %6.1f s", step.name, time.Since(start).Seconds())
	}
	for line := range strings.Lines(c.hub.said()) {
		if strings.Contains(line, "not recognized") {
			t.Errorf("a setting has no effect: %s", line)
		}
	}
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

// refuse has people try to come in who must not.
func (c *class) refuse(ctx context.Context) error {
	return errors.Join(
		c.refused(ctx, "somebody on no list", "stranger", rand.Text()),
		c.refused(ctx, "a password of nine letters", c.learners[0].name, "ninechars"),
		c.refused(ctx, "a name that is no name", "../learner-01", rand.Text()))
}

func (c *class) refused(ctx context.Context, what, name, password string) error {
	l := newLearner(name, c.hub.base)
	l.password = password
	if err := l.logIn(ctx); !errors.Is(err, errRefused) {
		return fmt.Errorf("%s was not refused, and the hub's answer was: %v", what, err)
	}
	return nil
}

func (c *class) logIn(ctx context.Context) error {
	return c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		if err := l.logIn(ctx); err != nil {
			return err
		}
		return l.startServer(ctx)
	})
}

// work has all run the chapter, and save it.
func (c *class) work(ctx context.Context) error {
	return c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		d, err := l.load(ctx, chapter)
		if err != nil {
			return err
		}
		k, err := l.open(ctx, chapter)
		if err != nil {
			return err
		}
		defer k.close()
		if err := l.run(ctx, k, d, all); err != nil {
			return err
		}
		return l.save(ctx, chapter, d)
	})
}

// complete has all use completion.
func (c *class) complete(ctx context.Context) error {
	return c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		k, err := l.open(ctx, chapter)
		if err != nil {
			return err
		}
		defer k.close()
		// Again and again, as one does who types on: gopls may take its time.
		return until(ctx, "completion offers nothing", func() (bool, error) {
			matches, err := k.complete(ctx, "%%\nfmt.Printl")
			return slices.Contains(matches, "Println"), err
		})
	})
}

// until asks once a second, and returns when the answer is yes.
func until(ctx context.Context, complaint string, ask func() (bool, error)) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if yes, err := ask(); yes || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
	return fmt.Errorf("%s after %v", complaint, patience)
}

// pause prints what learners take who read, with one notebook open, before or after they have used completion. Processes share memory,
// which is divided among them.
func (c *class) pause(ctx context.Context, completed bool) error {
	const megabyte = 1 << 20
	var memory map[string]map[kind]int64
	err := until(ctx, "builds and cells still run", func() (bool, error) {
		var err error
		memory, err = measure(c.hub.mark)
		busy := false
		for _, of := range memory {
			busy = busy || of[other] > 0
		}
		return !busy, err
	})
	if err != nil {
		return err
	}
	// What gopls found in its cache it does not keep again. Of the 250 packages that cells import, it should have found all.
	now, err := cachedPackages(c.venv)
	if err != nil {
		return err
	}
	if completed {
		c.t.Logf("gopls has checked %d packages, after the %d of set-up", now-c.cached, c.cached)
	}
	if c.cached == 0 || now > c.cached+50 {
		return errors.New("the cache that set-up has filled for gopls is of no use to it")
	}
	var totals []int64
	for _, l := range c.learners {
		of := memory[l.name]
		for _, k := range []kind{server, kernel, editor} {
			if of[k] == 0 {
				return fmt.Errorf("%s has no %s", l.name, k)
			}
		}
		totals = append(totals, of[server]+of[kernel]+of[editor])
		c.t.Logf("%s: server %d MB, kernel %d MB, gopls %d MB", l.name, of[server]/megabyte, of[kernel]/megabyte, of[editor]/megabyte)
	}
	slices.Sort(totals)
	c.t.Logf("hub and proxy %d MB; a learner %d MB (median)", memory[""][theHub]/megabyte, totals[len(totals)/2]/megabyte)
	// The fewer learners there are, the more each has of what all share.
	switch median := totals[len(totals)/2]; {
	case !completed && median > 160*megabyte:
		return fmt.Errorf("a learner who only reads and runs takes %d MB; is gopls running, which nobody has asked?", median/megabyte)
	case float64(median) > 1.3*guarantee(c.t)*megabyte:
		return fmt.Errorf("a learner at rest takes %d MB, which is more than the guarantee in jupyterhub_config.py allows for; measure with 20 learners, and work the sizes in README.md out anew", median/megabyte)
	}
	return nil
}

// guarantee is the memory in MiB that jupyterhub_config.py counts on for each learner.
func guarantee(t *testing.T) float64 {
	t.Helper()
	config, err := os.ReadFile("jupyterhub_config.py")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^guarantee, limit = (\d+), \d+  # MiB$`).FindSubmatch(config)
	if found == nil {
		t.Fatal("jupyterhub_config.py has no line with the guarantee")
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// pry has somebody guess a password, and each learner try the server of the next, with their own token and with none. And
// it looks at what listens.
func (c *class) pry(ctx context.Context) error {
	if err := c.refused(ctx, "a wrong password", c.learners[0].name, rand.Text()); err != nil {
		return err
	}
	err := c.each(ctx, func(ctx context.Context, i int, l *learner) error {
		other := c.learners[(i+1)%len(c.learners)]
		nobody := newLearner("nobody", c.hub.base)
		for _, address := range []string{other.at("contents"), other.at("kernels"), "hub/api/users/" + other.name, "hub/api/users"} {
			for _, who := range []*learner{{name: l.name, base: l.base, client: nobody.client, token: l.token}, nobody} {
				if err := who.api(ctx, "GET", address, nil, nil, 403, 404); err != nil {
					return fmt.Errorf("%s asked for what is not theirs: %w", who.name, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	found, err := processes.Marked(c.hub.mark)
	if err != nil {
		return err
	}
	doors, err := processes.Listening(found)
	if err != nil {
		return err
	}
	if len(doors) < 3+len(c.learners) { // proxy twice, hub, and each server
		return fmt.Errorf("the class listens on %v only, so not all of it is seen", doors)
	}
	for _, door := range doors {
		if !door.Addr().IsLoopback() {
			return fmt.Errorf("something of the class listens beyond this machine, on %v", door)
		}
	}
	return nil
}

// kill kills the kernels of every other learner and all processes of the others, as it is when a container is ended, in
// the middle of a cell. Then what was saved must be there, and all go on to the end of the chapter.
func (c *class) kill(ctx context.Context) error {
	return c.each(ctx, func(ctx context.Context, i int, l *learner) error {
		d, err := l.load(ctx, chapter)
		if err != nil {
			return err
		}
		want := d.writeOwn(l.name)
		k, err := l.open(ctx, chapter)
		if err != nil {
			return err
		}
		defer k.close()
		if err := l.run(ctx, k, d, len(d.cells())/4); err != nil { // about half of the cells are code
			return err
		}
		if err := l.save(ctx, chapter, d); err != nil {
			return err
		}
		victims := []kind{kernel}
		if i%2 == 1 {
			victims = []kind{server, kernel, guard, editor, other}
		}
		if err := c.killDuringCell(ctx, l, k, victims); err != nil {
			return err
		}
		if err := l.startServer(ctx); err != nil {
			return err
		}
		found, err := l.load(ctx, chapter)
		if err != nil {
			return err
		}
		screen, err := d.typed()
		if err != nil {
			return err
		}
		saved, err := found.typed()
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(saved.Cells, screen.Cells) {
			return fmt.Errorf("%s is not as it was saved", chapter)
		}
		if k, err = l.open(ctx, chapter); err != nil {
			return err
		}
		defer k.close()
		if err := l.run(ctx, k, found, all); err != nil {
			return err
		}
		if err := l.save(ctx, chapter, found); err != nil {
			return err
		}
		nb, err := notebook.Read(filepath.Join(c.hub.dir, "homes", l.name, filepath.FromSlash(chapter)))
		if err != nil {
			return err
		}
		if own := nb.Cells[len(nb.Cells)-1]; own.Stream("stdout") != want {
			return fmt.Errorf("the learner's own cell was to print %d bytes, and the file has %q", len(want), own.Stream("stdout"))
		}
		return nil
	})
}

// killDuringCell runs a cell that would take long, kills the learner's processes of these kinds while it runs, and returns
// when the learner sees it.
func (c *class) killDuringCell(ctx context.Context, l *learner, k *kernelClient, victims []kind) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the learner was not told that the kernel is gone"))
	defer cancel()
	killed := false
	err := k.request(ctx, "execute_request", run("%%\nfmt.Println(\"begun\")\ntime.Sleep(time.Hour)"), func(m message) (bool, error) {
		if m.Header.Type != "stream" || killed || !bytes.Contains(m.Content, []byte("begun")) {
			return false, nil
		}
		found, err := processes.Marked(c.hub.mark)
		if err != nil {
			return false, err
		}
		for _, p := range found {
			if name, k := belongs(p); name == l.name && slices.Contains(victims, k) {
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

// killHub kills the hub while kernels have things in memory, and starts it anew: servers, kernels and log-ins must all be
// there. Who was taken off the list meanwhile must not come in.
func (c *class) killHub(ctx context.Context) error {
	ask := func(ctx context.Context, l *learner, source string) error {
		k, err := l.open(ctx, chapter)
		if err != nil {
			return err
		}
		defer k.close()
		outputs, _, err := k.execute(ctx, source)
		if err != nil {
			return err
		}
		if len(outputs) != 1 || outputs[0].(map[string]any)["text"] != l.name+"\n" {
			return fmt.Errorf("the kernel was to print %q, and its outputs are %v", l.name, outputs)
		}
		return nil
	}
	err := c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		return ask(ctx, l, fmt.Sprintf("func mine() string { return %q }\n\n%%%%\nfmt.Println(mine())", l.name))
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
	if err := c.hub.start(ctx); err != nil {
		return err
	}
	err = c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		if err := l.startServer(ctx); err != nil {
			return err
		}
		return ask(ctx, l, "%%\nfmt.Println(mine())")
	})
	return errors.Join(err, c.refused(ctx, "a name taken off the list", dropout, rand.Text()))
}

// goHome has all stop their servers, which then must be gone. Kernels and gopls may run on, because no container ends with
// the server here.
func (c *class) goHome(ctx context.Context) error {
	err := c.each(ctx, func(ctx context.Context, _ int, l *learner) error {
		return l.api(ctx, "DELETE", "hub/api/users/"+l.name+"/server", nil, nil, 204, 202)
	})
	if err != nil {
		return err
	}
	return until(ctx, "servers still run that were stopped", func() (bool, error) {
		memory, err := measure(c.hub.mark)
		for _, of := range memory {
			if of[server] > 0 {
				return false, err
			}
		}
		return true, err
	})
}

// A kind of process is one line in the account of memory.
type kind string

const (
	theHub kind = "hub and proxy"
	server kind = "server" // jupyterhub-singleuser, which has JupyterLab in it
	kernel kind = "kernel" // gonb
	editor kind = "gopls"  // completion and help
	guard  kind = "guard"  // ends what a kernel leaves that was killed
	other  kind = "builds and cells"
)

// belongs says whose a process of the class is, "" being the hub, and what it is.
func belongs(p processes.Process) (learner string, k kind) {
	for _, v := range p.Env {
		if name, ok := strings.CutPrefix(v, "JUPYTERHUB_USER="); ok {
			learner = name
		}
	}
	words := make([]string, 2)
	for i, arg := range p.Args[:min(2, len(p.Args))] {
		words[i] = filepath.Base(arg)
	}
	switch {
	case learner == "":
		return learner, theHub
	case strings.HasPrefix(words[0], "gonb"), words[0] == "front":
		return learner, kernel
	case slices.Contains(p.Args, "guard"):
		return learner, guard
	case slices.Contains(words, "gopls"):
		return learner, editor
	case words[1] == "jupyterhub-singleuser":
		return learner, server
	}
	return learner, other
}

// measure returns the memory that the class takes, in bytes of proportional set size, by learner and kind.
func measure(mark string) (map[string]map[kind]int64, error) {
	found, err := processes.Marked(mark)
	if err != nil {
		return nil, err
	}
	memory := map[string]map[kind]int64{}
	for _, p := range found {
		content, err := os.ReadFile(p.File("smaps_rollup"))
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(content))
		i := slices.Index(fields, "Pss:")
		if i < 0 {
			continue // a zombie
		}
		kilobytes, err := strconv.ParseInt(fields[i+1], 10, 64)
		if err != nil {
			return nil, err
		}
		learner, k := belongs(p)
		if memory[learner] == nil {
			memory[learner] = map[kind]int64{}
		}
		memory[learner][k] += kilobytes << 10
	}
	return memory, nil
}

// The image is filled in by whoever has one. What stands there must not be taken for one.
func TestValuesCannotBeUsedBeforeTheyAreFilledIn(t *testing.T) {
	t.Parallel()
	values, err := os.ReadFile("values.yaml")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`(?m)^    name: (.*)$`).FindSubmatch(values)
	tag := regexp.MustCompile(`(?m)^    tag: (.*)$`).FindSubmatch(values)
	if name == nil || tag == nil {
		t.Fatal("values.yaml names no image")
	}
	// https://github.com/distribution/reference: names are lower case, and a digest is 64 digits of hex.
	valid := regexp.MustCompile(`^[a-z0-9._:/-]+@sha256:[0-9a-f]{64}$`)
	if image := fmt.Sprintf("%s:%s", name[1], tag[1]); valid.MatchString(image) {
		t.Errorf("%s is the name of an image; whose?", image)
	}
	if image := "registry.example/tutorial@sha256:" + strings.Repeat("0", 64); !valid.MatchString(image) {
		t.Errorf("%s would be refused too, so the check above means nothing", image)
	}
	for _, secret := range []string{"client_id", "client_secret"} {
		if !regexp.MustCompile(`(?m)^\s+` + secret + `: [A-Z-]+$`).Match(values) {
			t.Errorf("%s is not to be filled in", secret)
		}
	}
}
