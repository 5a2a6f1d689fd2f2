package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"tutorial/kernel-setup/environment"
)

var learners = flag.Int("learners", 3, "how many learners the class of TestClass has")

// TestClass holds a class with the hub and the proxy of their locks and the ready configuration; hold has the steps, and
// fails if one of them does not go as it should.
func TestClass(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a class is measured with /proc")
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
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	r, err := hold(ctx, checkout, *learners, []string{"00_start_here.ipynb", "threading/01_basic_threading.ipynb"}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.String())
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range commands {
		if line, _ := os.ReadFile(name); bytes.Contains(line, []byte(temporary)) { // it may have ended
			t.Errorf("the class has left this running: %q", line)
		}
	}
	// Sizes are worked out from measured.json, and are to hold. With few learners each has more of what all share.
	const shared = 1.3
	n := sizeOf(30, measured(t))
	if r.RestMedian > shared*float64(n.guarantee) {
		t.Errorf("a learner at rest takes %.0f MB, and is guaranteed %d; measure anew, see README.md", r.RestMedian, n.guarantee)
	}
	if r.PeakWorst > float64(n.limit) {
		t.Errorf("a learner takes %.0f MB, and the limit is %d; measure anew, see README.md", r.PeakWorst, n.limit)
	}
	// Without its cache it takes 390 MB, and 100 more for telemetry.
	if gopls := r.RestMegabytes[editor]; gopls > 150 {
		t.Errorf("gopls takes %.0f MB of a learner at rest; its cache is not used", gopls)
	}
}

func measured(t *testing.T) *report {
	t.Helper()
	r, err := readReport("../measured.json")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSizesAreThoseOfWhatWasMeasured(t *testing.T) {
	t.Parallel()
	all, err := files("..", measured(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 4 {
		t.Fatalf("only %d files are worked out", len(all))
	}
	for name, want := range all {
		if got, err := os.ReadFile(filepath.Join("..", name)); err != nil || string(got) != want {
			t.Errorf("%s is not what measured.json gives (%v); run: go run ./docker/jupyterhub/class size", name, err)
		}
	}
	// A machine has a little less memory than is on its label, and it admits the class and a teacher.
	for _, learners := range machines {
		n := sizeOf(learners, measured(t))
		if servers := int(0.95*float64(n.gigabytes())*1024-2048) / n.guarantee; servers < learners+1 {
			t.Errorf("the %d GB for %d learners are enough for %d servers", n.gigabytes(), learners, servers)
		}
	}
	n := sizeOf(30, measured(t))
	config, err := os.ReadFile("../jupyterhub_config.py")
	if err != nil {
		t.Fatal(err)
	}
	if line := fmt.Sprintf("guarantee, limit = %d, %d  # MiB", n.guarantee, n.limit); !strings.Contains(string(config), "\n"+line+"\n") {
		t.Errorf("jupyterhub_config.py should have the line %s", line)
	}
}

func TestSizesGrowWithWhatWasMeasured(t *testing.T) {
	t.Parallel()
	r := report{RestMedian: 200, PeakWorst: 1100, StartProcessorSeconds: 3, ProcessorSeconds: 33, Cells: 30, HubMegabytes: 200, HubProcessorSeconds: 0.5}
	want := needs{learners: 300, guarantee: 256, limit: 2560, cpuGuarantee: 0.2, perNode: 37, nodes: 9, placeholders: 30,
		hubSeconds: 150, concurrentSpawns: 20, active: 330, hubMegabytes: 768}
	if got := sizeOf(300, &r); got != want {
		t.Errorf("it needs\n%+v, want\n%+v", got, want)
	}
	more := r
	more.HubProcessorSeconds = 2 // now the hub lets in one learner in two seconds
	if got := sizeOf(300, &more); got.concurrentSpawns != 10 || got.hubSeconds != 600 {
		t.Errorf("with a slow hub %d start at once and all are in after %.0f s, want 10 and 600", got.concurrentSpawns, got.hubSeconds)
	}
	more = r
	more.RestMedian = 400
	if got := sizeOf(300, &more); got.perNode >= want.perNode+1 || got.nodes < want.nodes {
		t.Errorf("learners who take twice the memory need no more nodes: %+v", got)
	}
}

// The image is filled in by whoever has one. What stands there must not be taken for one.
func TestValuesCannotBeUsedBeforeTheyAreFilledIn(t *testing.T) {
	t.Parallel()
	values, err := os.ReadFile("../values.yaml")
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

func TestTheHubHasTheVersionThatTheImageHas(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`(?m)^jupyterhub==\S+`)
	var versions []string
	for _, lock := range []string{"../hub.txt", "../requirements.txt"} {
		content, err := os.ReadFile(lock)
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, pinned.FindString(string(content)))
	}
	if versions[0] == "" || versions[0] != versions[1] {
		t.Errorf("hub.txt and requirements.txt have %q", versions)
	}
}

func TestOutputsArePutTogetherAsJupyterLabDoes(t *testing.T) {
	t.Parallel()
	var o outputList
	for _, m := range []struct{ kind, content string }{
		{"execute_input", `{"code": "x"}`},
		{"stream", `{"name": "stdout", "text": "a"}`},
		{"stream", `{"name": "stdout", "text": "b"}`},
		{"stream", `{"name": "stderr", "text": "c"}`},
		{"display_data", `{"data": {"text/plain": "0 %"}, "metadata": {}, "transient": {"display_id": "p"}}`},
		{"update_display_data", `{"data": {"text/plain": "100 %"}, "metadata": {}, "transient": {"display_id": "p"}}`},
	} {
		if err := o.add(message{Header: header{Type: m.kind}, Content: []byte(m.content)}); err != nil {
			t.Fatal(err)
		}
	}
	const want = "[map[name:stdout output_type:stream text:ab] map[name:stderr output_type:stream text:c] " +
		"map[data:map[text/plain:100 %] metadata:map[] output_type:display_data]]"
	if got := fmt.Sprint(o.list()); got != want {
		t.Errorf("the outputs are\n%s, want\n%s", got, want)
	}
}

func TestProcessesAreFoundAndMeasured(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("it needs /proc")
	}
	mark := "CLASS_RUN=" + t.Name() + t.TempDir()
	// A grandchild that has used some processor time, and waits.
	shell := exec.Command("sh", "-c", "sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo; sleep 600; :' & wait")
	shell.Env = append(os.Environ(), mark, "JUPYTERHUB_USER=ada")
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	defer shell.Wait()
	defer syscall.Kill(-shell.Process.Pid, syscall.SIGKILL)
	if _, err := stdout.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	by, err := sample(mark)
	if err != nil {
		t.Fatal(err)
	}
	u, ok := by["ada"]
	if len(by) != 1 || !ok || u.memory[running] < 100<<10 || u.memory[running] > 100<<20 || u.seconds <= 0 || u.seconds > 60 {
		t.Errorf("the shells are found as %+v", by)
	}
	if by, err := sample(mark + "x"); err != nil || len(by) > 0 {
		t.Errorf("nobody has that mark, and found is %+v, %v", by, err)
	}
}

func TestKindsOfProcesses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		learner, command string
		want             kind
	}{
		{"", "/hub/bin/python /hub/bin/jupyterhub -f x", theHub},
		{"ada", "/server/bin/python /server/bin/jupyterhub-singleuser --x", server},
		{"ada", "/t/.venv/tools/gonb --kernel f", kernel},
		{"ada", "/t/.venv/tools/editor/program/gopls -listen x", editor},
		{"ada", "/bin/sh /t/.venv/tools/editor/gopls -listen x", editor},
		{"ada", "go build", running},
		{"ada", "python3 -", running},
	} {
		if got := kindOf(c.learner, strings.Fields(c.command)); got != c.want {
			t.Errorf("%q of %q is %q, want %q", c.command, c.learner, got, c.want)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-learners", "1"}, {"-learners", "many"}, {"-no-such"}} {
		var out, log bytes.Buffer
		if err := run(t.Context(), &out, &log, args); err != errUsage || !strings.Contains(log.String(), "Usage:") {
			t.Errorf("%q: %v\n%s", args, err, log.String())
		}
	}
}
