package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/go-zeromq/zmq4"
)

// delimiter stands between the addresses of a message and its signature.
const delimiter = "<IDS|MSG>"

// errForeign is returned for what nobody with the key has sent.
var errForeign = errors.New("the message is not signed with the kernel's key")

// A key signs messages.
type key []byte

func (k key) sign(parts [][]byte) string {
	if len(k) == 0 {
		return ""
	}
	mac := hmac.New(sha256.New, k)
	for _, part := range parts {
		mac.Write(part)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// A message is one of https://jupyter-client.readthedocs.io/en/stable/messaging.html. What is in it is decoded only as far as
// it is needed: most messages pass as they are.
type message struct {
	addresses [][]byte // whom it is from, or for
	parts     [][]byte // header, parent header, metadata, content, and then buffers
	header    header
	parent    header
}

type header struct {
	ID       string `json:"msg_id,omitempty"`
	Type     string `json:"msg_type,omitempty"`
	Session  string `json:"session,omitempty"`
	Username string `json:"username,omitempty"`
	Version  string `json:"version,omitempty"`
	Date     string `json:"date,omitempty"`
}

const headerPart, parentPart, contentPart, signedParts = 0, 1, 3, 4

// parse reads a message, and fails if it is not one, or is not signed with the key.
func (k key) parse(frames [][]byte) (*message, error) {
	at := slices.IndexFunc(frames, func(frame []byte) bool { return string(frame) == delimiter })
	if at < 0 || len(frames) < at+2+signedParts {
		return nil, errForeign
	}
	m := &message{addresses: frames[:at:at], parts: frames[at+2:]}
	if signature := k.sign(m.parts[:signedParts]); !hmac.Equal(frames[at+1], []byte(signature)) {
		return nil, errForeign
	}
	for _, part := range m.parts[:signedParts] {
		if !json.Valid(part) {
			return nil, errForeign
		}
	}
	if err := json.Unmarshal(m.parts[headerPart], &m.header); err != nil {
		return nil, err
	}
	return m, json.Unmarshal(m.parts[parentPart], &m.parent)
}

// frames is the message as it is sent.
func (k key) frames(m *message) zmq4.Msg {
	frames := append(slices.Clone(m.addresses), []byte(delimiter), []byte(k.sign(m.parts[:signedParts])))
	return zmq4.NewMsgFrom(append(frames, m.parts...)...)
}

// with is the message with another content.
func (m *message) with(content any) *message {
	encoded, err := json.Marshal(content)
	if err != nil {
		return m // of what came from JSON that cannot be
	}
	changed := *m
	changed.parts = slices.Clone(m.parts)
	changed.parts[contentPart] = encoded
	return &changed
}

// content decodes the content. What has another form gives a zero value.
func content[T any](m *message) (c T) {
	json.Unmarshal(m.parts[contentPart], &c)
	return c
}

// also is another message that answers the same request.
func (m *message) also(kind string, content any) *message {
	h := m.header
	h.ID, h.Type, h.Date = newID(), kind, time.Now().UTC().Format(time.RFC3339Nano)
	encoded, err := json.Marshal(h)
	if err != nil {
		return m
	}
	other := &message{addresses: m.addresses, parts: [][]byte{encoded, m.parts[parentPart], []byte("{}"), nil}, header: h, parent: m.parent}
	return other.with(content)
}

// answer is the reply to a request that was met.
func (m *message) answer(kind string) *message {
	a := m.also(kind, map[string]string{"status": "ok"})
	a.parts[parentPart] = m.parts[headerPart]
	return a
}
