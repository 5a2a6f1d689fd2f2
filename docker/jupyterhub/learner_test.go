package jupyterhub_test

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
	"strings"

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
}

func newLearner(name, base string) *learner {
	jar, _ := cookiejar.New(nil) // it fails never
	return &learner{name: name, password: rand.Text(), base: base, client: &http.Client{Jar: jar, Timeout: patience}}
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

// startServer starts the learner's server, unless it runs, and returns when it can be used. As a learner does, it presses the
// button again if the hub was full, failed, or had not yet seen that the old server was gone.
func (l *learner) startServer(ctx context.Context) error {
	return until(ctx, "the server of "+l.name+" does not start", func() (bool, error) {
		err := l.api(ctx, "POST", "hub/api/users/"+l.name+"/server", nil, nil, http.StatusCreated, http.StatusAccepted)
		if err == nil {
			err = l.awaitServer(ctx)
		}
		if err == nil || is(err, http.StatusBadRequest) && strings.Contains(err.Error(), "already running") {
			// Between the hub's word and the proxy's route there may be a moment, in which the hub answers for the server.
			err = l.api(ctx, "GET", l.at("status"), nil, nil, http.StatusOK)
		}
		for _, again := range []int{http.StatusTooManyRequests, http.StatusBadRequest, http.StatusInternalServerError, http.StatusFound,
			http.StatusServiceUnavailable, http.StatusNotFound} {
			if is(err, again) {
				return false, nil
			}
		}
		return err == nil, err
	})
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
	d := &document{name: file}
	return d, json.Unmarshal(model.Content, &d.tree)
}

// save writes a notebook as it is on the learner's screen.
func (l *learner) save(ctx context.Context, file string, d *document) error {
	return l.api(ctx, "PUT", l.at("contents", file), map[string]any{"type": "notebook", "format": "json", "content": d.tree}, nil,
		http.StatusOK, http.StatusCreated)
}

// open starts a kernel for a notebook, or finds the one that it has, and connects to it.
func (l *learner) open(ctx context.Context, file string) (*kernelClient, error) {
	var session struct{ Kernel struct{ ID string } }
	err := l.api(ctx, "POST", l.at("sessions"), map[string]any{"path": file, "name": path.Base(file), "type": "notebook",
		"kernel": map[string]any{"name": environment.KernelName}}, &session, http.StatusCreated, http.StatusOK)
	if err != nil {
		return nil, err
	}
	k, err := dial(ctx, l.base+l.at("kernels", session.Kernel.ID, "channels"), l.token)
	if err != nil {
		return nil, err
	}
	return k, k.answers(ctx)
}

// A document is a notebook as a browser holds it, with all that is in the file.
type document struct {
	name string
	tree map[string]any
}

func (d *document) cells() []any { return d.tree["cells"].([]any) }

// typed is the notebook as the rest of the tutorial knows it.
func (d *document) typed() (*notebook.Notebook, error) {
	content, err := json.Marshal(d.tree)
	if err != nil {
		return nil, err
	}
	return notebook.Parse(d.name, content)
}

// writeOwn adds a cell at the end, a program of the learner's own, and returns what it prints.
func (d *document) writeOwn(name string) (output string) {
	const lines = 200
	d.tree["cells"] = append(d.cells(), map[string]any{"cell_type": "code", "id": "own", "metadata": map[string]any{}, "outputs": []any{},
		"source": fmt.Sprintf("%%%%\nfor range %d {\n\tfmt.Println(%q)\n}", lines, name), "execution_count": nil})
	return strings.Repeat(name+"\n", lines)
}

// all is more code cells than any chapter has.
const all = 1000

// run runs the first n code cells of a notebook in turn, and puts the outputs into the document.
func (l *learner) run(ctx context.Context, k *kernelClient, d *document, n int) error {
	for i := range d.cells() {
		cell, _ := d.cells()[i].(map[string]any)
		if cell["cell_type"] != "code" {
			continue
		}
		if n--; n < 0 {
			return nil
		}
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
			return fmt.Errorf("%s, cell %s: %w", d.name, nb.Cells[i].ID, err)
		}
	}
	return nil
}
