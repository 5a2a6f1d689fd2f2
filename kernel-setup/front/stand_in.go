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
	"strconv"
	"time"
)

// late is behind the name of the socket at which gopls listens if the stand-in has the usual one.
const late = ".late"

// standIn answers GoNB at a socket while gopls is still being made: GoNB gives up a gopls that is silent for half a minute. Once
// gopls listens it hears what GoNB has said so far, and from then on messages are passed. It ends with GoNB, gopls, or whoever
// started this process.
func standIn(socket string) error {
	go func() {
		for parent := os.Getppid(); os.Getppid() == parent; {
			time.Sleep(time.Second)
		}
		os.Exit(0)
	}()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	gonb, err := listener.Accept()
	if err != nil {
		return err
	}
	said := make(chan rpc)
	go func() {
		defer close(said)
		for in := bufio.NewReader(gonb); ; {
			m, err := readRPC(in)
			if err != nil {
				return
			}
			said <- m
		}
	}()
	var heard []rpc // what gopls has to know
	for {
		select {
		case m, open := <-said:
			if !open {
				return nil
			}
			if m.ID == nil || m.Method == initialize {
				heard = append(heard, m)
			}
			if m.ID != nil {
				answer := rpc{text: fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, inPlaceOf(m.Method))}
				if err := answer.write(gonb); err != nil {
					return err
				}
			}
		case <-time.After(time.Second / 2):
			if gopls, err := net.Dial("unix", socket+late); err == nil {
				return handOver(gonb, gopls, heard, said)
			}
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

// handOver passes messages. The answer to the first is left out: GoNB has had one.
func handOver(gonb io.Writer, gopls io.ReadWriter, heard []rpc, said <-chan rpc) error {
	go func() {
		for _, m := range heard {
			m.write(gopls)
		}
		for m := range said {
			m.write(gopls)
		}
		os.Exit(0)
	}()
	greeted := false
	for in := bufio.NewReader(gopls); ; {
		m, err := readRPC(in)
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
