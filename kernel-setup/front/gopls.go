package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// serveGopls answers GoNB at a socket, and starts gopls in dir once somebody asks for completion or help: it takes 60 MB, and who
// only reads and runs cells does without. While set-up has not made it yet, the answers say so or are empty. gopls first hears what
// GoNB has said so far, and from then on messages are passed. This ends with GoNB or gopls, and gopls with this.
func serveGopls(socket, dir string) error {
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return err
	}
	listener.SetDeadline(time.Now().Add(time.Minute)) // GoNB tries for half a minute
	gonb, err := listener.Accept()
	if err != nil {
		return err
	}
	in := bufio.NewReader(gonb)
	var heard []rpc // what gopls has to know
	for {
		m, err := readRPC(in)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		first := m.Method == initialize
		if m.ID == nil || first {
			heard = append(heard, m)
		}
		if m.ID == nil {
			continue
		}
		program := filepath.Join(dir, "program", "gopls")
		if _, err := os.Stat(program); err == nil && !first {
			return startGopls(program, dir, append(heard, m), in, gonb)
		}
		answer := rpc{text: fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, inPlaceOf(m.Method))}
		if err := answer.write(gonb); err != nil {
			return err
		}
	}
}

const initialize = "initialize"

// inPlaceOf is the result that stands for gopls's own.
func inPlaceOf(method string) string {
	switch method {
	case initialize:
		return `{"capabilities":{}}`
	case "textDocument/hover":
		return `{"contents":{"kind":"markdown","value":"Help for Go is still being set up; try again in a minute."}}`
	}
	return "null"
}

// startGopls starts gopls, tells it what was heard, and passes messages. Its answer to the first is left out: GoNB has had one.
func startGopls(program, dir string, heard []rpc, fromGoNB io.Reader, gonb io.Writer) error {
	environment, err := goplsEnvironment(dir)
	if err != nil {
		return err
	}
	group, err := syscall.Getpgid(os.Getppid())
	if err != nil {
		return err
	}
	gopls := exec.Command(program)
	gopls.Env = append(os.Environ(), environment...)
	gopls.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: group} // the kernel's: of itself it would end what it is at first
	in, err := gopls.StdinPipe()
	if err != nil {
		return err
	}
	out, err := gopls.StdoutPipe()
	if err != nil {
		return err
	}
	if err := gopls.Start(); err != nil {
		return err
	}
	go func() {
		defer in.Close() // and it ends
		for _, m := range heard {
			m.write(in)
		}
		io.Copy(in, fromGoNB)
	}()
	said := bufio.NewReader(out)
	for greeted := false; ; {
		m, err := readRPC(said)
		if err == io.EOF {
			return gopls.Wait()
		}
		if err != nil {
			return err
		}
		if m.Method == "" && !greeted {
			greeted = true
			continue
		}
		if err := m.write(gonb); err != nil {
			return err
		}
	}
}

// goplsEnvironment has gopls take a seventh of the memory.
//
// Without its cache gopls type-checks the standard library and every package that a cell may import, takes 400 MB for it
// and keeps them. Its own place for the cache is in the home, and that is new in a container and for each learner of a
// class: so it is in .venv, filled by set-up. What cannot be written to it, because it is another user's, is only not kept.
//
// Beside it lies its index of the module cache. Within the limit below, gopls takes ten seconds of the processor to make one.
//
// gopls sets 100 MB aside that it never uses, and they count: of the limit 60 MB are left, and it needs 40. With less it
// would collect garbage all the time.
//
// The telemetry of Go's tools has a process beside each gopls, and in each new home one that takes 100 MB for the reports
// of the day. With this value there is none.
func goplsEnvironment(dir string) ([]string, error) {
	buildCache, err := exec.Command("go", "env", "GOCACHE").Output() // whose own place depends on what is set here
	if err != nil {
		return nil, err
	}
	cache := filepath.Join(dir, "..", "..", "gopls-cache")
	return []string{"GOCACHE=" + strings.TrimSpace(string(buildCache)), "GOPLSCACHE=" + cache, "XDG_CACHE_HOME=" + cache,
		"GOMEMLIMIT=160MiB", "GO_TELEMETRY_CHILD=2"}, nil
}

// An rpc is a message between GoNB and gopls: a request has a method and an ID, a notification no ID, an answer no method. See
// https://microsoft.github.io/language-server-protocol.
type rpc struct {
	ID     json.RawMessage
	Method string
	text   []byte
}

func readRPC(in *bufio.Reader) (m rpc, err error) {
	header, err := textproto.NewReader(in).ReadMIMEHeader()
	if err != nil {
		return m, err
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil {
		return m, err
	}
	m.text = make([]byte, length)
	if _, err := io.ReadFull(in, m.text); err != nil {
		return m, err
	}
	return m, json.Unmarshal(m.text, &m)
}

func (m rpc) write(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(m.text), m.text)
	_, err := b.WriteTo(w)
	return err
}
