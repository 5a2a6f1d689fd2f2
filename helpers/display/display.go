// Package display shows results in a notebook cell, and prints them as text where there is no notebook, so that a program
// works the same under "go run". It is the only package here that talks to the kernel.
//
// What a cell displays and what it prints reach the kernel by different pipes, in no fixed order, and the first of them is
// not emptied when the cell ends. So every function here waits before it sends until the kernel has taken what was printed
// (on Linux), and afterwards until the kernel has confirmed what was sent. Where printed text must stand between displays on
// other systems too, print it with [Println] or [Printf] of this package.
//
// All functions may be called from several goroutines at once; each message arrives whole.
//
// The first display of a cell opens a pipe from the kernel, and from then on the Go runtime no longer recognises a
// deadlock: a cell that shows one must do so without a display before it.
package display

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"golang.org/x/sys/unix"

	"tutorial/helpers/figure"
)

// InNotebook reports whether the program runs as a notebook cell.
func InNotebook() bool { return gonbui.IsNotebook }

// Show displays a figure: its HTML and its text form in one message, so that every reader of the notebook finds a form
// that it can show. Outside a notebook it prints the text form.
func Show(f figure.Figure) { send("", f.HTML(), f.Text()) }

// HTML displays markup, with a text form for readers that show none (and for the terminal). The markup is sent as it is:
// escape with [figure.EscapeHTML] what did not come from the program itself.
func HTML(markup, text string) { send("", markup, text) }

// Println displays its operands as fmt.Println formats them, in order with the other displays. Empty text displays
// nothing.
func Println(a ...any) { send("", "", fmt.Sprintln(a...)) }

// Printf displays text as fmt.Printf formats it, in order with the other displays. Each call makes a block of its own: in a
// notebook a line cannot be continued by the next call.
func Printf(format string, a ...any) { send("", "", fmt.Sprintf(format, a...)) }

// Fail shows an error on standard error and ends the program with status 1, so that the cell counts as failed and what
// follows in it does not run. Deferred calls do not run either. It is for the outermost layer; everything below returns
// errors.
func Fail(err error) {
	stdout.mu.Lock() // A display under way is finished first, and none begins after.
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Expect has the reader told that a call, such as "timeline.Show(...)", has shown nothing if the program ends before arrived is called:
// os.Exit(0) does that without a word. The kernel's front looks at the end of a cell whether the file of the environment's variable is
// still there, and says what is in it. There can be one such call at a time. Without the front nothing happens.
func Expect(call string) (arrived func()) {
	path := os.Getenv("GONB_FRONT_EXPECTED")
	why := call + " has shown nothing: the program ended before it could, as by os.Exit in the function that it was given. Let that return instead."
	os.WriteFile(path, []byte(why), 0o600) // without it, as without a path, the reader is told nothing
	return func() { os.Remove(path) }
}

// patience is how long to wait for the kernel's confirmation. It normally takes about a millisecond; a kernel that has not
// answered after this time is shutting down or wedged, and the cell had better go on.
var patience = 10 * time.Second

// output is where displays go. Its lock makes message and confirmation one step.
type output struct {
	mu   sync.Mutex
	mute bool // the kernel stopped answering: do not wait again
	busy bool // somebody prints all the time: do not wait for the end of it again
}

var stdout output

// send displays one message; id, if not empty, names the display that later messages with the same id replace.
func send(id, markup, text string) {
	stdout.mu.Lock()
	defer stdout.mu.Unlock()
	if markup == "" && text == "" && id == "" {
		return
	}
	if !InNotebook() || gonbui.Error() != nil {
		printText(text)
		return
	}
	data := map[protocol.MIMEType]any{protocol.MIMETextPlain: text}
	if markup != "" {
		data[protocol.MIMETextHTML] = markup
	}
	stdout.drain()
	gonbui.SendData(&protocol.DisplayData{Data: data, DisplayID: id})
	if gonbui.Error() != nil { // The pipe to the kernel broke; standard output may still be there.
		printText(text)
		return
	}
	stdout.sync()
}

func printText(text string) {
	if text == "" {
		return
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	io.WriteString(os.Stdout, text)
}

// unread is the request of ioctl for the number of bytes in a pipe, as Linux has it. Elsewhere the writing end does not tell.
const unread = 0x541b

// drain waits until the kernel has taken what was printed so far, and shows it. Confirming anything takes it longer than that.
func (o *output) drain() {
	for _, fd := range []int{1, 2} { // os.Stdout may be another file by now
		for start := time.Now(); runtime.GOOS == "linux" && !o.busy && !o.mute; time.Sleep(time.Millisecond) {
			if n, err := unix.IoctlGetInt(fd, unread); err != nil || n == 0 { // it may be no pipe
				break
			}
			o.busy = time.Since(start) > time.Second
		}
	}
	o.sync()
}

// sync waits for the kernel's confirmation. gonbui.Sync itself waits for ever if the pipe breaks meanwhile.
func (o *output) sync() {
	if o.mute {
		return
	}
	done := make(chan struct{})
	go func() {
		gonbui.Sync()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patience):
		o.mute = true
	}
}
