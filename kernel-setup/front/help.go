package main

import (
	"bytes"
	"context"
	_ "embed"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf16"

	"tutorial/kernel-setup/front/explain"
)

//go:embed help.py
var helpScript string

// helpLimit is how long Python may look for help.
const helpLimit = 5 * time.Second

// A helpDesk has the requests for help in Python cells, for which GoNB has only its manual.
type helpDesk struct {
	answers sync.Map // of channels with the text, by the ID of the request
}

type position struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor_pos"` // in UTF-16
}

// ask looks for help if the request is about a Python cell.
func (d *helpDesk) ask(m *message) {
	about := content[position](m)
	if !explain.IsPython(about.Code) {
		return
	}
	answer := make(chan string, 1)
	d.answers.Store(m.header.ID, answer)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), helpLimit)
		defer cancel()
		cmd := exec.CommandContext(ctx, "python3", "-I", "-c", helpScript)
		cmd.Stdin = bytes.NewReader(m.parts[contentPart])
		out, err := cmd.Output()
		if err != nil {
			out = nil
		}
		answer <- strings.TrimSpace(string(out))
	}()
}

var (
	elsewhere = regexp.MustCompile(`(?m)\n+(---\n+)?\[[^\]]*\]\(https://pkg\.go\.dev/[^)]*\)\s*$`)
	link      = regexp.MustCompile(`\[([^\]]*)\]\((?:file://|https://pkg\.go\.dev)[^)]*\)`)
)

// answered is the reply to a request for help, without links to what is not there: pages on a network, and files that a browser
// does not open.
func (d *helpDesk) answered(m *message) *message {
	reply := content[map[string]any](m)
	data, _ := reply["data"].(map[string]any)
	if answer, ok := d.answers.LoadAndDelete(m.parent.ID); ok {
		text := <-answer.(chan string)
		reply["found"], reply["data"] = text != "", map[string]any{"text/plain": text}
		if text == "" {
			reply["data"] = map[string]any{}
		}
		return m.with(reply)
	}
	if text, ok := data["text/markdown"].(string); ok {
		data["text/markdown"] = link.ReplaceAllString(elsewhere.ReplaceAllString(text, ""), "$1")
		return m.with(reply)
	}
	return m
}

// completable is a request for completion that gopls has an answer to: behind a dot there is a name, and at the end of a cell all
// blocks are closed.
func completable(m *message) *message {
	about := content[position](m)
	units := utf16.Encode([]rune(about.Code))
	if !explain.IsGo(about.Code) || about.Cursor < 1 || about.Cursor > len(units) {
		return m
	}
	before, after := string(utf16.Decode(units[:about.Cursor])), string(utf16.Decode(units[about.Cursor:]))
	middle := ""
	next := []rune(after + " ")[0]
	if strings.HasSuffix(before, ".") && !unicode.IsLetter(next) && !unicode.IsDigit(next) && next != '_' {
		middle = "_"
	}
	if strings.TrimSpace(after) == "" {
		middle += explain.Closing(before)
	}
	if middle == "" {
		return m
	}
	request := content[map[string]any](m)
	request["code"] = before + middle + after
	return m.with(request)
}
