package display_test

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"tutorial/helpers/display"
	"tutorial/helpers/figure"
)

// The scenes are programs as a cell would be. The test starts itself anew as one of them, with pipes like the kernel's.
var scenes = map[string]func(){
	"mixed": func() {
		for i := range 50 {
			display.Println("text", i)
			display.Show(figure.Figure{Title: fmt.Sprint("figure ", i), Alt: "a"})
		}
	},
	"printed": func() {
		fmt.Println("printed")
		display.Println("displayed")
	},
	"figure": func() {
		display.Show(figure.Figure{Title: "The title", Alt: "It says so.", SVG: "<svg/>"})
		display.HTML("<b>bold</b>", "bold")
		display.Println()
		display.HTML("", "")
	},
	"progress": func() {
		p := display.NewProgress()
		defer p.Done("too late")
		for i := range 3 {
			p.Update(fmt.Sprintf("step %d <&>", i))
		}
		p.Show(figure.Figure{Title: "The result", Alt: "a"})
		p.Update("after the end")
	},
	"progress that leaves nothing": func() {
		p := display.NewProgress()
		p.Update("first")
		p.Done("")
	},
	"unseen progress": func() {
		display.NewProgress().Done("")
		p := display.NewProgress()
		p.Show(figure.Figure{Title: "At once", Alt: "a"})
	},
	"failure": func() {
		display.Println("before")
		defer display.Println("never")
		display.Fail(errors.New("the kettle is empty: fill it"))
	},
	"deaf": func() {
		display.SetPatience(50 * time.Millisecond)
		for i := range 20 {
			display.Println("unconfirmed", i)
		}
	},
	"cut off": func() {
		display.Printf("in the %s\n", "notebook")
		io.ReadAll(os.Stdin) // Meanwhile the kernel closes its end.
		display.SetPatience(50 * time.Millisecond)
		display.Printf("on the %s\n", "terminal")
		display.Println("and again")
	},
}

func TestMain(m *testing.M) {
	if scene := scenes[os.Getenv("DISPLAY_SCENE")]; scene != nil {
		scene()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// message is what reached the kernel.
type message struct {
	protocol.DisplayData
	at time.Time
}

func (m message) get(mime protocol.MIMEType) string { s, _ := m.Data[mime].(string); return s }

// kernel is what the program in a cell sees of GoNB: two named pipes, and confirmations of syncs.
type kernel struct {
	deaf     bool                      // never confirms
	stdout   *os.File                  // takes standard output, if it is not nil
	onSync   func(hangUp func()) error // called after each confirmation of a display
	mu       sync.Mutex
	messages []message
	syncs    int
}

// play runs a scene under the kernel and returns what it wrote to standard output and error.
func (k *kernel) play(t *testing.T, scene string, stdin io.Reader) (stdout, stderr string, status error) {
	t.Helper()
	folder := t.TempDir()
	to, from := filepath.Join(folder, "to"), filepath.Join(folder, "from")
	for _, pipe := range []string{to, from} {
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Skipf("no named pipes here: %v", err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", "DISPLAY_SCENE="+scene, protocol.GONB_PIPE_ENV+"="+to, protocol.GONB_PIPE_BACK_ENV+"="+from)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errs
	if k.stdout != nil {
		cmd.Stdout = k.stdout
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer watchdog.Stop()
	served := make(chan error, 1)
	go func() { served <- k.serve(to, from) }()
	status = cmd.Wait()
	select { // The pipe ends with the program.
	case err := <-served:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the program has ended, but its pipe has not")
	}
	return out.String(), errs.String(), status
}

func (k *kernel) serve(to, from string) error {
	in, err := os.Open(to)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(from, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer out.Close()
	decoder, encoder := gob.NewDecoder(in), gob.NewEncoder(out)
	for {
		var data protocol.DisplayData
		switch err := decoder.Decode(&data); {
		case errors.Is(err, io.EOF), errors.Is(err, os.ErrClosed):
			return nil
		case err != nil:
			return err
		}
		if request, ok := data.Data[protocol.MIMECommValue].(protocol.CommValue); ok {
			k.mu.Lock()
			k.syncs++
			k.mu.Unlock()
			if k.deaf {
				continue
			}
			if err := encoder.Encode(&protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: request.Value}); err != nil {
				return nil // The program has gone.
			}
			if k.onSync != nil && k.syncs%2 == 0 {
				if err := k.onSync(func() { in.Close(); out.Close() }); err != nil {
					return err
				}
			}
			continue
		}
		k.mu.Lock()
		if !k.deaf && k.syncs != 2*len(k.messages)+1 { // one before each message, one after
			k.mu.Unlock()
			return fmt.Errorf("message %d came before the one ahead of it was confirmed", len(k.messages)+1)
		}
		k.messages = append(k.messages, message{data, time.Now()})
		k.mu.Unlock()
	}
}

func (k *kernel) texts() []string {
	var all []string
	for _, m := range k.messages {
		all = append(all, strings.TrimSpace(m.get(protocol.MIMETextPlain)))
	}
	return all
}

func TestNothingIsLostOrReordered(t *testing.T) {
	t.Parallel()
	var k kernel
	if _, stderr, err := k.play(t, "mixed", nil); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if len(k.messages) != 100 {
		t.Fatalf("%d messages of 100 arrived", len(k.messages))
	}
	for i, text := range k.texts() {
		want := fmt.Sprint("text ", i/2)
		if i%2 == 1 {
			want = fmt.Sprint("figure ", i/2)
		}
		if !strings.HasPrefix(text, want) {
			t.Fatalf("message %d is %q, want %q", i, text, want)
		}
	}
	if k.syncs != 200 {
		t.Errorf("%d confirmations of 100 messages, want one before and one after each", k.syncs)
	}
}

func TestWhatWasPrintedBeforeADisplayIsReadBefore(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux does a pipe tell whether it is empty")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	read := make(chan time.Time, 1)
	go func() {
		time.Sleep(300 * time.Millisecond)
		read <- time.Now()
		r.Read(make([]byte, 100))
	}()
	k := kernel{stdout: w}
	if _, stderr, err := k.play(t, "printed", nil); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if early := (<-read).Sub(k.messages[0].at); early > 0 {
		t.Errorf("the display came %v before the kernel read what had been printed", early)
	}
}

func TestAFigureIsOneMessageInTwoForms(t *testing.T) {
	t.Parallel()
	var k kernel
	stdout, stderr, err := k.play(t, "figure", nil)
	if err != nil || stdout != "" || stderr != "" {
		t.Fatalf("%v, stdout %q, stderr %q", err, stdout, stderr)
	}
	if len(k.messages) != 3 {
		t.Fatalf("%d messages, want 3: %q", len(k.messages), k.texts())
	}
	m := k.messages[0]
	if html := m.get(protocol.MIMETextHTML); !strings.HasPrefix(html, `<figure><img alt="It says so."`) {
		t.Errorf("HTML is %q", html)
	}
	if text := m.get(protocol.MIMETextPlain); text != "The title\nIt says so.\n" {
		t.Errorf("text is %q", text)
	}
	if m.DisplayID != "" {
		t.Errorf("a figure has the display id %q", m.DisplayID)
	}
	if html, ok := k.messages[2].Data[protocol.MIMETextHTML]; ok {
		t.Errorf("text comes with HTML %q", html)
	}
}

func TestProgressIsReplacedByTheResult(t *testing.T) {
	t.Parallel()
	var k kernel
	if _, stderr, err := k.play(t, "progress", nil); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	id := k.messages[0].DisplayID
	for i, m := range k.messages {
		if m.DisplayID != id || id == "" {
			t.Errorf("message %d has the display id %q, the first one %q", i, m.DisplayID, id)
		}
	}
	if first := k.messages[0].get(protocol.MIMETextHTML); first != "<p><em>step 0 &lt;&amp;&gt;</em></p>" {
		t.Errorf("the line is %q", first)
	}
	last := k.messages[len(k.messages)-1]
	if !strings.HasPrefix(last.get(protocol.MIMETextHTML), "<figure>") {
		t.Errorf("the last message is %v", last.Data)
	}
	if n := len(k.messages); n != 4 {
		t.Errorf("%d messages, want three steps and the result", n)
	}
}

func TestAnEmptyEndTakesTheLineAway(t *testing.T) {
	t.Parallel()
	var k kernel
	if _, stderr, err := k.play(t, "progress that leaves nothing", nil); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if len(k.messages) != 2 || k.messages[0].DisplayID == "" || k.messages[1].DisplayID != k.messages[0].DisplayID {
		t.Fatalf("the messages are %v", k.messages)
	}
	// Without markup, a front end would leave the line standing.
	if html, sent := k.messages[1].Data[protocol.MIMETextHTML].(string); !sent || strings.TrimSpace(html) != "" {
		t.Errorf("at the end %q is left (sent: %t)", html, sent)
	}
}

func TestProgressThatNeverBeganLeavesNothing(t *testing.T) {
	t.Parallel()
	var k kernel
	if _, stderr, err := k.play(t, "unseen progress", nil); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if len(k.messages) != 1 || k.messages[0].DisplayID != "" {
		t.Errorf("messages: %v", k.messages)
	}
}

func TestWhatIsExpectedIsNotedUntilItArrives(t *testing.T) {
	t.Setenv("GONB_FRONT_EXPECTED", "")
	display.Expect("f()")() // does nothing
	note := filepath.Join(t.TempDir(), "note")
	t.Setenv("GONB_FRONT_EXPECTED", note)
	arrived := display.Expect("f()")
	if said, err := os.ReadFile(note); err != nil || !strings.HasPrefix(string(said), "f() has shown nothing: ") {
		t.Errorf("the note says %q, %v", said, err)
	}
	arrived()
	if _, err := os.Stat(note); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it has arrived, and the note is still there: %v", err)
	}
}

func TestFailEndsTheCell(t *testing.T) {
	t.Parallel()
	var k kernel
	_, stderr, err := k.play(t, "failure", nil)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("the program ended with %v, want status 1", err)
	}
	if stderr != "the kettle is empty: fill it\n" {
		t.Errorf("stderr is %q", stderr)
	}
	if got := k.texts(); !slices.Equal(got, []string{"before"}) {
		t.Errorf("shown were %q", got)
	}
}

func TestAKernelThatDoesNotAnswerHoldsUpOnlyOnce(t *testing.T) {
	t.Parallel()
	k := kernel{deaf: true}
	start := time.Now()
	if _, stderr, err := k.play(t, "deaf", nil); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("twenty displays took %v", took)
	}
	if len(k.messages) != 20 || k.syncs != 1 {
		t.Errorf("%d messages and %d syncs, want 20 and 1", len(k.messages), k.syncs)
	}
}

func TestABrokenPipeSendsTextToTheTerminal(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	k := kernel{onSync: func(hangUp func()) error {
		hangUp()
		return w.Close()
	}}
	stdout, stderr, err := k.play(t, "cut off", r)
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if stdout != "on the terminal\nand again\n" {
		t.Errorf("stdout is %q", stdout)
	}
}

func TestOutsideANotebookTextIsPrinted(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for scene, want := range map[string]string{
		"figure":          "The title\nIt says so.\nbold\n\n",
		"progress":        "The result\na\n",
		"unseen progress": "At once\na\n",
		"failure":         "before\n",
	} {
		cmd := exec.Command(self)
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GONB_") }), "GORACE=atexit_sleep_ms=0", "DISPLAY_SCENE="+scene)
		out, _ := cmd.Output()
		if string(out) != want {
			t.Errorf("%s prints %q, want %q", scene, out, want)
		}
	}
}
