package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/notebook"
)

// A learner is a person at a browser: what they do goes through the hub's proxy, and as far as they have a choice over the
// addresses that JupyterHub's and JupyterLab's own pages use.
type learner struct {
	name     string
	password string
	base     string // of the proxy
	client   *http.Client
	token    string

	kernelsAgain int // how often a kernel did not start
}

func newLearner(name, base string) (*learner, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &learner{name: name, password: rand.Text(), base: base, client: &http.Client{Jar: jar, Timeout: patience}}, nil
}

// A statusError is an answer that is none of those that were hoped for.
type statusError struct {
	method, address string
	status          int
	body            string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s %s: status %d: %.300s", e.method, e.address, e.status, e.body)
}

// is reports whether err is an answer with the status.
func is(err error, status int) bool {
	answer, ok := errors.AsType[*statusError](err)
	return ok && answer.status == status
}

// do sends a request, and returns the body of an answer that has one of the statuses.
func (l *learner) do(ctx context.Context, method, address string, head http.Header, body io.Reader, want ...int) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, l.base+address, body)
	if err != nil {
		return nil, err
	}
	for name, values := range head {
		request.Header[name] = values
	}
	response, err := l.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(want, response.StatusCode) {
		return nil, &statusError{method, address, response.StatusCode, string(content)}
	}
	return content, nil
}

// api sends a request with the learner's token, in being JSON unless it is nil, and decodes the answer into out unless
// that is nil.
func (l *learner) api(ctx context.Context, method, address string, in, out any, want ...int) error {
	var body io.Reader
	head := http.Header{"Authorization": {"token " + l.token}}
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
		head.Set("Content-Type", "application/json")
	}
	// A redirection leads to a page that is none of the API's.
	straight := *l
	straight.client = &http.Client{Jar: l.client.Jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	content, err := straight.do(ctx, method, address, head, body, want...)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(content, out)
}

var hiddenXSRF = regexp.MustCompile(`name="_xsrf" value="([^"]+)"`)

// form opens a page and sends its form.
func (l *learner) form(ctx context.Context, address string, fields url.Values) ([]byte, error) {
	page, err := l.do(ctx, "GET", address, nil, nil, http.StatusOK)
	if err != nil {
		return nil, err
	}
	found := hiddenXSRF.FindSubmatch(page)
	if found == nil {
		return nil, fmt.Errorf("%s has no form with a token against forgery", address)
	}
	fields.Set("_xsrf", string(found[1]))
	return l.do(ctx, "POST", address, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		strings.NewReader(fields.Encode()), http.StatusOK)
}

// errRefused is what logging in with a wrong password, or a name that is on no list, ends with.
var errRefused = errors.New("the hub refused to let in")

// logIn opens the hub's pages with the password, which the first time makes it the learner's, and asks for a token with
// which to use its API.
func (l *learner) logIn(ctx context.Context) error {
	page, err := l.form(ctx, "hub/login?next=%2Fhub%2Fhome", url.Values{"username": {l.name}, "password": {l.password}})
	if is(err, http.StatusForbidden) || is(err, http.StatusUnauthorized) || err == nil && !bytes.Contains(page, []byte(`id="start"`)) {
		return fmt.Errorf("%w %s", errRefused, l.name)
	}
	if err != nil {
		return err
	}
	home, err := url.Parse(l.base + "hub/")
	if err != nil {
		return err
	}
	xsrf := ""
	for _, cookie := range l.client.Jar.Cookies(home) {
		if cookie.Name == "_xsrf" {
			xsrf = cookie.Value
		}
	}
	var made struct{ Token string }
	content, err := l.do(ctx, "POST", "hub/api/users/"+l.name+"/tokens", http.Header{"X-Xsrftoken": {xsrf}, "Content-Type": {"application/json"}},
		strings.NewReader(`{"note": "class", "expires_in": 86400}`), http.StatusCreated, http.StatusOK)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, &made); err != nil {
		return err
	}
	l.token = made.Token
	return nil
}

// startServer starts the learner's server, unless it runs, and returns when it can be used. It returns how often the
// learner had to press the button again, because the hub was full, failed, or had not yet seen that the old server was gone.
func (l *learner) startServer(ctx context.Context) (again int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("the server of %s does not start", l.name))
	defer cancel()
	wait := func() error {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %v", context.Cause(ctx), err)
		case <-time.After(time.Second):
			return nil
		}
	}
	for ; ; again++ {
		err = l.api(ctx, "POST", "hub/api/users/"+l.name+"/server", nil, nil, http.StatusCreated, http.StatusAccepted)
		running := is(err, http.StatusBadRequest) && strings.Contains(err.Error(), "already running")
		if err == nil {
			err = l.awaitServer(ctx)
			running = err == nil
		}
		// Between the hub's word and the proxy's route to the server there may be a moment, in which a page shows itself
		// again. If it is the hub that then answers, the server that it spoke of was one that is gone.
		for running {
			if err = l.api(ctx, "GET", l.at("status"), nil, nil, http.StatusOK); err == nil {
				return again, nil
			}
			running = !is(err, http.StatusFound)
			if err := wait(); err != nil {
				return again, err
			}
		}
		if !is(err, http.StatusTooManyRequests) && !is(err, http.StatusBadRequest) && !is(err, http.StatusInternalServerError) &&
			!is(err, http.StatusFound) {
			return again, err
		}
		if err := wait(); err != nil {
			return again, err
		}
	}
}

// awaitServer follows the progress of a server that starts.
func (l *learner) awaitServer(ctx context.Context) error {
	progress, err := l.do(ctx, "GET", "hub/api/users/"+l.name+"/server/progress", http.Header{"Authorization": {"token " + l.token}}, nil, http.StatusOK)
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(bytes.NewReader(progress)); lines.Scan(); {
		event, ok := strings.CutPrefix(lines.Text(), "data: ")
		var state struct {
			Ready, Failed bool
			Message       string
		}
		if !ok || json.Unmarshal([]byte(event), &state) != nil {
			continue
		}
		if state.Failed {
			return fmt.Errorf("the server of %s did not start: %s", l.name, state.Message)
		}
		if state.Ready {
			return nil
		}
	}
	return fmt.Errorf("the hub did not say that the server of %s is ready: %.300s", l.name, progress)
}

// at is an address of the API of the learner's server.
func (l *learner) at(parts ...string) string {
	address := url.URL{Path: path.Join(append([]string{"user", l.name, "api"}, parts...)...)}
	return address.EscapedPath()
}

// load reads a notebook that the learner has.
func (l *learner) load(ctx context.Context, file string) (*document, error) {
	var model struct{ Content json.RawMessage }
	if err := l.api(ctx, "GET", l.at("contents", file)+"?type=notebook&content=1", nil, &model, http.StatusOK); err != nil {
		return nil, err
	}
	return parseDocument(file, model.Content)
}

// save writes a notebook as it is on the learner's screen.
func (l *learner) save(ctx context.Context, file string, d *document) error {
	return l.api(ctx, "PUT", l.at("contents", file), map[string]any{"type": "notebook", "format": "json", "content": d.tree}, nil,
		http.StatusOK, http.StatusCreated)
}

// open starts a kernel for a notebook, or finds the one that it has, and connects to it. A kernel that does not start it
// starts anew, as a learner does whom JupyterLab tells so: kernels choose their ports, and here all learners' share those
// of one machine, so that two at the same moment may choose the same.
func (l *learner) open(ctx context.Context, file string) (*kernelClient, error) {
	for again := 0; ; again++ {
		var session struct {
			ID     string
			Kernel struct{ ID string }
		}
		err := l.api(ctx, "POST", l.at("sessions"), map[string]any{"path": file, "name": path.Base(file), "type": "notebook",
			"kernel": map[string]any{"name": environment.KernelName}}, &session, http.StatusCreated, http.StatusOK)
		if err != nil {
			return nil, err
		}
		k, err := dial(ctx, l.base+l.at("kernels", session.Kernel.ID, "channels"), l.token)
		if err == nil {
			if err = k.answers(ctx); err == nil {
				return k, nil
			}
			k.close()
		}
		if !errors.Is(err, errKernelGone) || again == 5 {
			return nil, err
		}
		l.kernelsAgain++
		if err := l.api(ctx, "DELETE", l.at("sessions", session.ID), nil, nil, http.StatusNoContent, http.StatusNotFound); err != nil {
			return nil, err
		}
	}
}

// closeKernels ends the learner's kernels, as the menu does.
func (l *learner) closeKernels(ctx context.Context) error {
	var sessions []struct{ ID string }
	if err := l.api(ctx, "GET", l.at("sessions"), nil, &sessions, http.StatusOK); err != nil {
		return err
	}
	for _, session := range sessions {
		if err := l.api(ctx, "DELETE", l.at("sessions", session.ID), nil, nil, http.StatusNoContent, http.StatusNotFound); err != nil {
			return err
		}
	}
	return nil
}

// A document is a notebook as a browser holds it, with all that is in the file.
type document struct {
	name string
	tree map[string]any
}

func parseDocument(name string, content []byte) (*document, error) {
	d := &document{name: name}
	return d, json.Unmarshal(content, &d.tree)
}

// typed is the notebook as the rest of the tutorial knows it.
func (d *document) typed() (*notebook.Notebook, error) {
	content, err := json.Marshal(d.tree)
	if err != nil {
		return nil, err
	}
	return notebook.Parse(d.name, content)
}

// write adds a code cell at the end.
func (d *document) write(id, source string) {
	cells, _ := d.tree["cells"].([]any)
	d.tree["cells"] = append(cells, map[string]any{"cell_type": "code", "id": id, "source": source,
		"metadata": map[string]any{}, "outputs": []any{}, "execution_count": nil})
}

// run runs the code cells of a notebook in turn, and puts the outputs into the document. Before each cell it calls
// before with the cell's place among the code cells.
func (l *learner) run(ctx context.Context, k *kernelClient, d *document, before func(cell int) error) error {
	cells, _ := d.tree["cells"].([]any)
	number := 0
	for i := range cells {
		cell, _ := cells[i].(map[string]any)
		if cell["cell_type"] != "code" {
			continue
		}
		if err := before(number); err != nil {
			return err
		}
		number++
		source, _ := cell["source"].(string)
		outputs, count, err := k.execute(ctx, source)
		if err != nil {
			return err
		}
		cell["outputs"], cell["execution_count"] = outputs, count
		nb, err := d.typed()
		if err != nil {
			return err
		}
		if err := nb.Cells[i].Fault(); err != nil {
			return fmt.Errorf("%s: %s: %w", l.name, d.name, err)
		}
	}
	return nil
}

// ownCell is what a learner adds to a chapter: a program of their own, whose output is known to the last byte.
func (l *learner) ownCell() (source, output string) {
	const lines = 200
	var b strings.Builder
	for i := range lines {
		fmt.Fprintln(&b, l.name, i)
	}
	return "%%\nfor i := range " + strconv.Itoa(lines) + " {\n\tfmt.Println(" + strconv.Quote(l.name) + ", i)\n}", b.String()
}
