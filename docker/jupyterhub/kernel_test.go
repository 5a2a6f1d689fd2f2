package jupyterhub_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// errKernelGone is what a request to a kernel ends with when the kernel, or the way to it, is no more.
var errKernelGone = errors.New("the kernel is gone")

// A message is one of Jupyter's: https://jupyter-client.readthedocs.io/en/stable/messaging.html.
type message struct {
	Channel string          `json:"channel"`
	Header  header          `json:"header"`
	Parent  header          `json:"parent_header"`
	Meta    map[string]any  `json:"metadata"`
	Content json.RawMessage `json:"content"`
}

type header struct {
	ID       string `json:"msg_id,omitempty"`
	Type     string `json:"msg_type,omitempty"`
	Session  string `json:"session,omitempty"`
	Username string `json:"username,omitempty"`
	Version  string `json:"version,omitempty"`
	Date     string `json:"date,omitempty"`
}

// A kernelClient speaks to one kernel through the learner's server, as a notebook that is open in a browser does.
type kernelClient struct {
	conn     *websocket.Conn
	session  string
	messages chan message // closed when the connection is lost
}

// dial connects to a kernel.
func dial(ctx context.Context, address, token string) (*kernelClient, error) {
	k := &kernelClient{session: rand.Text(), messages: make(chan message, 1000)}
	conn, response, err := websocket.Dial(ctx, strings.Replace(address, "http:", "ws:", 1)+"?session_id="+k.session,
		&websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"token " + token}}})
	if err != nil {
		if response != nil {
			return nil, fmt.Errorf("%w: %s", errKernelGone, response.Status)
		}
		return nil, fmt.Errorf("%w: %v", errKernelGone, err)
	}
	conn.SetReadLimit(64 << 20) // figures are in messages
	k.conn = conn
	go func() {
		defer close(k.messages)
		for {
			_, content, err := conn.Read(ctx)
			if err != nil {
				return
			}
			var m message
			if json.Unmarshal(content, &m) == nil {
				k.messages <- m
			}
		}
	}()
	return k, nil
}

func (k *kernelClient) close() { k.conn.CloseNow() }

// request sends a request, and hands each message that answers it to got until that returns true.
func (k *kernelClient) request(ctx context.Context, kind string, content any, got func(message) (done bool, err error)) error {
	encoded, err := json.Marshal(content)
	if err != nil {
		return err
	}
	m := message{Channel: "shell", Meta: map[string]any{}, Content: encoded,
		Header: header{ID: rand.Text(), Type: kind, Session: k.session, Username: "learner", Version: "5.3",
			Date: time.Now().UTC().Format(time.RFC3339Nano)}}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(m); err != nil {
		return err
	}
	if err := k.conn.Write(ctx, websocket.MessageText, b.Bytes()); err != nil {
		return fmt.Errorf("%w: %v", errKernelGone, err)
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case answer, ok := <-k.messages:
			if !ok {
				return errKernelGone
			}
			if answer.Header.Type == "status" {
				var status struct {
					State string `json:"execution_state"`
				}
				json.Unmarshal(answer.Content, &status)
				// The server says this when it finds the kernel's process ended.
				if status.State == "restarting" || status.State == "autorestarting" || status.State == "dead" {
					return errKernelGone
				}
			}
			if answer.Parent.ID != m.Header.ID {
				continue
			}
			if done, err := got(answer); done || err != nil {
				return err
			}
		}
	}
}

// run is the content of a request to run code. GoNB ends if anything of it is missing.
func run(code string) map[string]any {
	return map[string]any{"code": code, "silent": false, "store_history": true, "user_expressions": map[string]any{},
		"allow_stdin": false, "stop_on_error": false}
}

// execute runs code, and returns its outputs as a notebook stores them, but for updates of displays, which it leaves out.
func (k *kernelClient) execute(ctx context.Context, code string) (outputs []any, number int, err error) {
	var replied, idle bool
	outputs = []any{} // a notebook has no null there
	err = k.request(ctx, "execute_request", run(code), func(m message) (bool, error) {
		switch m.Header.Type {
		case "execute_reply":
			var reply struct {
				Number int `json:"execution_count"`
			}
			if err := json.Unmarshal(m.Content, &reply); err != nil {
				return false, err
			}
			number, replied = reply.Number, true
		case "status":
			idle = idle || bytes.Contains(m.Content, []byte(`"idle"`))
		case "stream", "display_data", "execute_result", "error":
			var output map[string]any
			if err := json.Unmarshal(m.Content, &output); err != nil {
				return false, err
			}
			delete(output, "transient")
			output["output_type"] = m.Header.Type
			if n := len(outputs); n > 0 && m.Header.Type == "stream" {
				if last := outputs[n-1].(map[string]any); last["output_type"] == "stream" && last["name"] == output["name"] {
					last["text"] = fmt.Sprint(last["text"], output["text"])
					return false, nil
				}
			}
			outputs = append(outputs, output)
		}
		return replied && idle, nil
	})
	return outputs, number, err
}

// answers returns when the kernel does.
func (k *kernelClient) answers(ctx context.Context) error {
	return k.request(ctx, "kernel_info_request", map[string]any{}, func(m message) (bool, error) {
		return m.Header.Type == "kernel_info_reply", nil
	})
}

// complete returns what the kernel offers to put at the end of code.
func (k *kernelClient) complete(ctx context.Context, code string) (matches []string, err error) {
	err = k.request(ctx, "complete_request", map[string]any{"code": code, "cursor_pos": len(code)}, func(m message) (bool, error) {
		if m.Header.Type != "complete_reply" {
			return false, nil
		}
		var reply struct {
			Matches []string `json:"matches"`
		}
		err := json.Unmarshal(m.Content, &reply)
		matches = reply.Matches
		return true, err
	})
	return matches, err
}
