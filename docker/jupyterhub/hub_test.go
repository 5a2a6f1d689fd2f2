package jupyterhub_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/processes"
)

// patience is how long anything may take that takes seconds when the machine has nothing else to do.
const patience = 10 * time.Minute

// A hub is a JupyterHub with its proxy, in a folder as README.md has a teacher make it.
type hub struct {
	dir  string   // has the lists and the hub's own files; the program is in dir/program
	base string   // address of the proxy, with a slash at the end
	mark string   // a variable that the hub and all it starts have in their environment
	env  []string // of the hub
	log  *os.File

	cmd   *exec.Cmd
	ended chan struct{} // closed when it has
}

// prepare makes the folder: the hub's programs and those of the servers from their locks, and the two lists.
func prepare(ctx context.Context, checkout *environment.Checkout, dir string, names []string) (*hub, error) {
	source := filepath.Join(checkout.Dir(), "docker", "jupyterhub")
	program := filepath.Join(dir, "program")
	if err := os.Mkdir(program, 0o755); err != nil {
		return nil, err
	}
	for _, name := range []string{"jupyterhub_config.py", "hub.txt", "package.json", "package-lock.json", "testdata/without_containers.py"} {
		content, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(program, filepath.Base(name)), content, 0o644); err != nil {
			return nil, err
		}
	}
	files := map[string]string{
		"teachers.txt": "teacher\n",
		"learners.txt": listed(append([]string{dropout}, names...)),
		// No container is started here.
		"image.txt": "none@sha256:" + strings.Repeat("0", 64) + "\n",
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return nil, err
		}
	}
	hubEnv, serverEnv := filepath.Join(dir, "hub"), filepath.Join(dir, "server")
	if err := python(ctx, checkout, hubEnv, filepath.Join(source, "hub.txt")); err != nil {
		return nil, err
	}
	if err := python(ctx, checkout, serverEnv, filepath.Join(checkout.Dir(), "kernel-setup", "requirements.txt"), filepath.Join(source, "requirements.txt")); err != nil {
		return nil, err
	}
	bin := filepath.Join(hubEnv, "bin")
	npm := exec.CommandContext(ctx, filepath.Join(bin, "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = program
	npm.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	if out, err := npm.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the proxy could not be installed with npm: %w\n%s", err, out)
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	// Each learner has a home of their own; what Go has built and downloaded is there for all.
	caches, err := goCaches(ctx, checkout)
	if err != nil {
		return nil, err
	}
	h := &hub{
		dir:  dir,
		base: fmt.Sprintf("http://127.0.0.1:%d/", ports[0]),
		mark: "CLASS_RUN=" + rand.Text(),
	}
	h.env = append(os.Environ(), caches...)
	h.env = append(h.env, h.mark,
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"CLASS_CONFIG="+filepath.Join(program, "jupyterhub_config.py"),
		fmt.Sprintf("CLASS_PORT=%d", ports[0]),
		fmt.Sprintf("CLASS_HUB_PORT=%d", ports[1]),
		fmt.Sprintf("CLASS_PROXY_PORT=%d", ports[2]),
		"CLASS_HOMES="+filepath.Join(dir, "homes"),
		"CLASS_NOTEBOOKS="+filepath.Join(dir, "notebooks"),
		"CLASS_SERVER="+filepath.Join(serverEnv, "bin", "jupyterhub-singleuser"),
		"JUPYTER_PATH="+filepath.Join(checkout.Venv(), "share", "jupyter"),
		"JUPYTER_CONFIG_PATH="+filepath.Join(checkout.Venv(), "etc", "jupyter"),
	)
	if h.log, err = os.Create(filepath.Join(dir, "hub.log")); err != nil {
		return nil, err
	}
	return h, os.Mkdir(filepath.Join(dir, "homes"), 0o755)
}

// python makes a Python environment from locks.
func python(ctx context.Context, checkout *environment.Checkout, dir string, locks ...string) error {
	install := []string{"pip", "install", "--no-config", "--python", filepath.Join(dir, "bin", "python"), "--require-hashes"}
	for _, lock := range locks {
		install = append(install, "-r", lock)
	}
	for _, args := range [][]string{{"venv", "--no-config", "--python", checkout.Python(), dir}, install} {
		if out, err := checkout.UV(ctx, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("uv %s: %w\n%s", args[0], err, out)
		}
	}
	return nil
}

// goCaches returns the variables that name Go's caches, which would otherwise be in the home.
func goCaches(ctx context.Context, checkout *environment.Checkout) ([]string, error) {
	names := []string{"GOCACHE", "GOMODCACHE", "GOENV", "GOPROXY"}
	cmd := exec.CommandContext(ctx, "go", append([]string{"env"}, names...)...)
	cmd.Dir = checkout.Dir()
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	values := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	for i := range names {
		values[i] = names[i] + "=" + values[i]
	}
	return values, nil
}

// checkConfig fails unless the ready configuration is right, and refuses to be used where what it reads is not.
func (h *hub) checkConfig(ctx context.Context) error {
	ready := filepath.Join(h.dir, "program", "jupyterhub_config.py")
	cases := []struct{ file, content, want string }{ // without the file, if it has no content
		{"extra.txt", "-", ""},
		{"teachers.txt", "", "There is no teachers.txt"},
		{"teachers.txt", "# nobody\n", "names nobody"},
		{"learners.txt", "", "There is no learners.txt"},
		{"image.txt", "", "There is no image.txt"},
		{"image.txt", "concurrency:latest\n", "by digest"},
		{"tls.crt", "a certificate", "no tls.key"},
		{"config.py", "load_subconfig(" + strconv.Quote(ready) + ")\nget_config().DockerSpawner.memory_limit = \"1G\"\n", "is no setting"},
		{"config.py", "load_subconfig(" + strconv.Quote(ready) + ")\nget_config().DockerSpawner.cpu_limit = \"many\"\n", "cpu_limit"},
	}
	var pairs [][2]string
	for _, c := range cases {
		dir, err := os.MkdirTemp(h.dir, "config-*")
		if err != nil {
			return err
		}
		for _, name := range []string{"teachers.txt", "learners.txt", "image.txt"} {
			content, err := os.ReadFile(filepath.Join(h.dir, name))
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
				return err
			}
		}
		if c.content == "" {
			err = os.Remove(filepath.Join(dir, c.file))
		} else {
			err = os.WriteFile(filepath.Join(dir, c.file), []byte(c.content), 0o644)
		}
		if err != nil {
			return err
		}
		config := ready
		if c.file == "config.py" {
			config = filepath.Join(dir, c.file)
		}
		pairs = append(pairs, [2]string{dir, config})
	}
	in, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(h.dir, "hub", "bin", "python"), "testdata/check_config.py")
	cmd.Env, cmd.Stdin, cmd.Stderr = h.env, bytes.NewReader(in), h.log
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	var said []string
	if err := json.Unmarshal(out, &said); err != nil || len(said) != len(cases) {
		return fmt.Errorf("the check said %q", out)
	}
	for i, c := range cases {
		if (c.want == "") != (said[i] == "") || !strings.Contains(said[i], c.want) {
			return fmt.Errorf("with %s being %q it should say %q, and says %q", c.file, c.content, c.want, said[i])
		}
	}
	return nil
}

// freePorts returns loopback ports that nothing listens on.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// dropout is on the list of learners until the hub is started anew.
const dropout = "dropout"

// listed is a list of names as the configuration reads it.
func listed(names []string) string { return "# the class\n" + strings.Join(names, "\n") + "\n" }

// enroll puts just these names on the list of learners; the hub reads it when it starts.
func (h *hub) enroll(names []string) error {
	return os.WriteFile(filepath.Join(h.dir, "learners.txt"), []byte(listed(names)), 0o644)
}

// start starts the hub, and returns when it answers through its proxy.
func (h *hub) start(ctx context.Context) error {
	cmd := exec.Command(filepath.Join(h.dir, "hub", "bin", "jupyterhub"), "-f", filepath.Join(h.dir, "program", "without_containers.py"))
	cmd.Dir = h.dir
	cmd.Env = h.env
	cmd.Stdout, cmd.Stderr = h.log, h.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is ours to pass on
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	h.cmd, h.ended = cmd, ended
	go func() {
		cmd.Wait()
		close(ended)
	}()
	err := until(ctx, "the hub does not answer", func() (bool, error) {
		select {
		case <-ended:
			return false, fmt.Errorf("the hub did not start: %v", cmd.ProcessState)
		default:
			return h.answers(ctx), nil
		}
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, h.said())
	}
	return nil
}

func (h *hub) answers(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, "GET", h.base+"hub/api/", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// said returns what the hub has logged.
func (h *hub) said() string {
	content, _ := os.ReadFile(h.log.Name())
	return string(content)
}

// ownError is the first line of an error in the hub's log, and not in that of a learner's server; more lines may follow.
var ownError = regexp.MustCompile(`^\[[EC] \S+ \S+ JupyterHub `)

// complaints returns the last errors in the hub's log.
func (h *hub) complaints() string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(h.said()) {
		if inside = ownError.MatchString(line) || inside && strings.HasPrefix(line, " "); inside {
			b.WriteString(line)
		}
	}
	text := b.String()
	return "The hub's own errors end so:\n" + text[max(0, len(text)-5000):]
}

// kill kills the hub alone, without a chance to say goodbye.
func (h *hub) kill() error {
	if err := h.cmd.Process.Kill(); err != nil {
		return err
	}
	<-h.ended
	return nil
}

// stop asks the hub to end, then ends what it has left, which are the servers: they are to outlive a hub that is started
// anew.
func (h *hub) stop() error {
	defer h.log.Close()
	var err error
	if h.cmd != nil {
		h.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-h.ended:
		case <-time.After(30 * time.Second):
			err = errors.New("the hub still ran 30 s after it was asked to end")
			h.kill()
		}
	}
	// A process that is just being born may escape the first round.
	for range 100 {
		left, searchErr := processes.Marked(h.mark)
		if searchErr != nil || len(left) == 0 {
			return errors.Join(err, searchErr)
		}
		for _, p := range left {
			syscall.Kill(p.PID, syscall.SIGKILL)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return errors.Join(err, errors.New("processes of the class could not be ended"))
}
