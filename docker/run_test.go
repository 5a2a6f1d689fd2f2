package docker_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tutorial/kernel-setup/browsertest"
)

// cut is the option for a container with nothing but a loopback interface.
var cut = []string{"--network", "none"}

// hardened are the options of a host that trusts nobody, on a machine such as Binder lends.
var hardened = slices.Concat(cut, []string{
	"--read-only", "--tmpfs", "/tmp:exec", "--user", "12345:0", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
	"--memory", "2g", "--cpus", "0.5",
})

var tokenURL = regexp.MustCompile(`http://127\.0\.0\.1:8888/\S*\?token=([0-9a-f]{48})\b`)

// lab starts a container with the image's own command, and returns it once it has printed its URL.
func (e engine) lab(t testing.TB, options ...string) (c *container, url, token string) {
	t.Helper()
	c = e.start(t, options)
	await(t, func() string {
		match := tokenURL.FindStringSubmatch(c.log())
		if match == nil {
			return "no URL with a token was printed:\n" + c.log()
		}
		url, token = match[0], match[1]
		return ""
	})
	return c, url, token
}

// get asks Jupyter from inside the container, and returns the status, where it redirects to, and the answer.
func (c *container) get(path string) (status, location, body string) {
	c.t.Helper()
	const program = `import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", 8888, timeout=100)
connection.request("GET", sys.argv[1])
answer = connection.getresponse()
print(answer.status, answer.getheader("Location", "-"), answer.read()[:500])`
	out := c.exec("python3", "-c", program, path).must(c.t)
	status, out, _ = strings.Cut(out, " ")
	location, body, _ = strings.Cut(out, " ")
	return status, location, body
}

// bindable returns a folder for a container to mount, and the options with which the container may write to it.
func bindable(t testing.TB, e engine) (dir string, options []string) {
	t.Helper()
	dir = t.TempDir()
	if os.Getuid() == 0 {
		if err := os.Chown(dir, 1000, 0); err != nil {
			t.Fatal(err)
		}
		return dir, nil
	}
	options = []string{"--user", fmt.Sprintf("%d:0", os.Getuid())}
	if e.program == "podman" { // without root it would take the user for another
		options = append(options, "--userns=keep-id")
	}
	return dir, options
}

func TestTokenIsAskedForAndNewEachTime(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	c, _, token := e.lab(t, cut...)
	for _, path := range []string{"/api/contents", "/api/kernels", "/api/contents/notebooks/00_start_here.ipynb", "/api/terminals", "/lab", "/files/notebooks/00_start_here.ipynb"} {
		for _, query := range []string{"", "?token=" + strings.Repeat("0", 48)} {
			status, location, body := c.get(path + query)
			if status != "403" && !strings.HasPrefix(location, "/login") {
				t.Errorf("%s%s: status %s, %s; want 403 or the login page", path, query, status, body)
			}
			if strings.HasPrefix(path, "/api") && status != "403" {
				t.Errorf("%s%s: status %s; want 403", path, query, status)
			}
		}
	}
	if status, _, body := c.get("/api/contents/notebooks/00_start_here.ipynb?content=0&token=" + token); status != "200" || !strings.Contains(body, "00_start_here") {
		t.Errorf("with the token: status %s, %s", status, body)
	}
	if _, _, other := e.lab(t, cut...); other == token {
		t.Error("two containers have one token")
	}
}

// processes is a Python program that prints the user ID and the command of each process, and the address and port on
// which each listens, from /proc: the image has neither ps nor ss.
const processes = `import glob
for name in glob.glob("/proc/[0-9]*/status"):
    fields = dict(line.split(":", 1) for line in open(name) if ":" in line)
    print("process", *fields["Uid"].split(), fields["Name"].strip())
for name in "/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6":
    for line in open(name).readlines()[1:]:
        local, _, state = line.split()[1:4]
        if state == "0A" or "udp" in name:
            address, port = local.split(":")
            print("listens", address, int(port, 16))`

// TestContainerAtWork looks at a container in which a cell runs, and then stops it. It is not parallel, because that is about
// time.
func TestContainerAtWork(t *testing.T) {
	e := runningImage(t)
	busy, err := filepath.Abs("../kernel-setup/labtest/busy.py")
	if err != nil {
		t.Fatal(err)
	}
	c, _, token := e.lab(t, slices.Concat(cut, []string{"--volume", busy + ":/busy.py:ro"})...)
	c.exec("python3", "/busy.py", "http://127.0.0.1:8888/", token).must(t)
	t.Run("nothing but Jupyter listens, and nothing runs as root", func(t *testing.T) {
		jupyter, gonb := false, false
		for _, line := range lines(c.exec("python3", "-c", processes).must(t)) {
			f := strings.Fields(line)
			switch f[0] {
			case "process":
				if slices.Contains(f[1:5], "0") {
					t.Errorf("%s runs as root", f[5])
				}
				gonb = gonb || f[5] == "gonb"
			case "listens":
				jupyter = jupyter || f[2] == "8888"
				if f[2] != "8888" { // kernels talk over Unix sockets
					t.Errorf("something other than Jupyter listens: %s", line)
				}
			}
		}
		if !gonb || !jupyter {
			t.Errorf("a kernel was seen: %v, and that Jupyter listens: %v; the test does not see what runs", gonb, jupyter)
		}
	})
	t.Run("the log has no warning", func(t *testing.T) {
		for _, line := range lines(c.log()) {
			if regexp.MustCompile(`^\[[WE] |Traceback|(?i)deprecat`).MatchString(line) {
				t.Error(line)
			}
		}
	})
	t.Run("the health check sees Jupyter and its absence", func(t *testing.T) {
		if out := c.exec("healthy"); out.err != nil {
			t.Errorf("Jupyter answers, and the check fails: %v\n%s", out.err, out.stderr)
		}
		// It is made all the time, so it is to start nothing but itself.
		if out := c.exec("env", "-i", "PATH=/nowhere", "/opt/environment/bin/healthy"); out.err != nil || out.stderr != "" {
			t.Errorf("the check needs other programs: %v\n%s", out.err, out.stderr)
		}
		if out := c.exec("env", "JUPYTER_PORT=8889", "healthy"); out.err == nil {
			t.Error("nothing listens, and the check succeeds")
		}
	})
	t.Run("SIGTERM ends it within two seconds", func(t *testing.T) {
		start := time.Now()
		execute(t.Context(), e.program, "kill", "--signal", "TERM", c.name).must(t)
		status := strings.TrimSpace(execute(t.Context(), e.program, "wait", c.name).must(t))
		took := time.Since(start)
		t.Logf("with a kernel and a running cell it took %.1f s", took.Seconds())
		if status != "0" || took > 2*time.Second {
			t.Errorf("it ended with status %s after %.1f s; want 0 after at most 2 s", status, took.Seconds())
		}
	})
}

// TestChapterRunsOffTheGrid runs the first chapter with all at once that hosts do to a container: no network, a read-only
// root, a user ID that nobody knows, no capabilities, 2 GB of memory, half a core.
func TestChapterRunsOffTheGrid(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	out := e.once(t, hardened, "bash", "-c", "cd /opt/tutorial && kernel-setup check && kernel-setup run notebooks/threading/01_basic_threading.ipynb").must(t)
	t.Log(out)
	if !regexp.MustCompile(`(?m)^ok +notebooks/threading/01_basic_threading\.ipynb`).MatchString(out) {
		t.Error("the chapter did not run")
	}
}

// TestNetworkIsCut is the negative control of all that runs with the network cut.
func TestNetworkIsCut(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	out := e.once(t, cut, "bash", "-c", "cut -d: -sf1 /proc/net/dev; exec 3<>/dev/tcp/192.0.2.1/443")
	if out.err == nil || !strings.Contains(out.stderr, "unreachable") {
		t.Errorf("another machine can be reached: %v\n%s", out.err, out.stderr)
	}
	if got := strings.Fields(out.stdout); !slices.Equal(got, []string{"lo"}) {
		t.Errorf("the interfaces are %q", got)
	}
}

func TestLimitsAreInForce(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	got := e.once(t, hardened, "bash", "-c", `
cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes
cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_{quota,period}_us
id -u; id -g; touch /opt/environment/x 2>&1 || true`).must(t)
	want := `^2147483648\n50000\s100000\n12345\n0\n.*Read-only file system\n$`
	if !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("in the container the limits are\n%s\nwant %s", got, want)
	}
}

func TestAnyUserRunsCells(t *testing.T) {
	t.Parallel()
	e := builtImage(t)
	for _, user := range []string{"12345:0", "12345:12345", "1000"} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			options := []string{"--user", user}
			if e.program != "buildah" {
				options = append(options, cut...)
			}
			e.once(t, options, "bash", "-c", "cd /opt/tutorial && kernel-setup check").must(t)
		})
	}
}

func TestFolderForTemporaryFilesThatIsOfNoUseIsExplained(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	for _, c := range []struct {
		options []string
		want    string
	}{
		{[]string{"--read-only", "--read-only-tmpfs=false"}, "nothing can be written to /tmp, where cells are built; start the container with --tmpfs /tmp:exec"},
		{[]string{"--tmpfs", "/tmp:noexec"}, "programs in /tmp may not be run, and every cell is one; start the container with --tmpfs /tmp:exec"},
	} {
		if e.program == "docker" { // podman alone puts a tmpfs there unasked
			c.options = slices.DeleteFunc(c.options, func(o string) bool { return o == "--read-only-tmpfs=false" })
		}
		out := e.once(t, slices.Concat(cut, c.options), "true")
		if out.err == nil || !strings.Contains(out.stderr, c.want) {
			t.Errorf("%q: %v, %q; want %q", c.options, out.err, out.stderr, c.want)
		}
	}
}

func TestNotebooksComeOnceAndNeverOverALearnersFile(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	home, options := bindable(t, e)
	file := func(name string) string { return filepath.Join(home, filepath.FromSlash(name)) }
	const start, chapter = "notebooks/00_start_here.ipynb", "notebooks/threading/01_basic_threading.ipynb"
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file(name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		for dir := file(name); dir != home && os.Getuid() == 0; dir = filepath.Dir(dir) {
			if err := os.Chown(dir, 1000, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	begin := func() string {
		t.Helper()
		out := e.once(t, slices.Concat(cut, options, []string{"--volume", home + ":/home/jovyan"}), "true")
		out.must(t)
		return out.stderr
	}
	exists := func(name string) bool { _, err := os.Lstat(file(name)); return err == nil }

	write("thesis.txt", "mine")
	write(start, "mine too")
	if said := begin(); said != "" {
		t.Errorf("a start with a home to write to says %q", said)
	}
	if read(t, file("thesis.txt")) != "mine" || read(t, file(start)) != "mine too" {
		t.Error("a learner's file was changed")
	}
	if read(t, file(chapter)) != read(t, "../"+chapter) {
		t.Error("the chapter is not the one of the tutorial")
	}
	if exists("notebooks/claims_test.go") || exists("notebooks/testdata") {
		t.Error("the learner gets the tests of the tutorial")
	}

	if err := os.Remove(file(chapter)); err != nil {
		t.Fatal(err)
	}
	begin()
	if exists(chapter) {
		t.Error("what the learner has removed came back with the same image")
	}
	// Another image has other notebooks: what is missing comes, and still nothing is changed.
	write(".local/state/tutorial-notebooks", "of another image")
	begin()
	if !exists(chapter) {
		t.Error("another image does not bring what is missing")
	}
	if read(t, file(start)) != "mine too" {
		t.Error("another image changed a learner's file")
	}
	err := filepath.WalkDir(file("notebooks"), func(name string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(entry.Name(), ".new-") {
			t.Errorf("a part of a file is left: %s", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFolderMountedInTheHomeKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	work, options := bindable(t, e)
	if err := os.WriteFile(filepath.Join(work, "mine.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(work)
	if err != nil {
		t.Fatal(err)
	}
	listing := e.once(t, slices.Concat(cut, options, []string{"--volume", work + ":/home/jovyan/work"}),
		"bash", "-c", "touch ~/work/new.txt && ls ~/notebooks").must(t)
	if !strings.Contains(listing, "00_start_here.ipynb") {
		t.Errorf("beside the mounted folder there are only %q", lines(listing))
	}
	after, err := os.Stat(work)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(work)
	if err != nil || len(entries) != 2 || before.Mode() != after.Mode() || read(t, filepath.Join(work, "mine.txt")) != "mine" {
		t.Errorf("the folder has %v, %v; its mode was %v and is %v", entries, err, before.Mode(), after.Mode())
	}
}

func TestHomeThatCannotBeWrittenIsReported(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	out := e.once(t, slices.Concat(cut, []string{"--user", "12345:12345"}), "bash", "-c", "touch ~/x && ls ~/notebooks")
	if !strings.Contains(out.must(t), "00_start_here.ipynb") || !strings.Contains(out.stderr, "may not write to /home/jovyan, so all that you save is gone when the container ends") {
		t.Errorf("it prints %q and says %q", out.stdout, out.stderr)
	}
}

// TestBinderStartsJupyter starts the image the way Binder does, with another command and another base URL.
func TestBinderStartsJupyter(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	c := e.start(t, slices.Concat(cut, []string{"--tmpfs", "/etc/jupyter"}), "python3", "-c",
		`import os, sys, jupyterlab; os.execvp("jupyter-lab", ["jupyter-lab"] + sys.argv[1:])`,
		"--ip=0.0.0.0", "--port=8888", "--ServerApp.base_url=/user/someone/", "--ServerApp.token=0123456789abcdef", "--ServerApp.trust_xheaders=True")
	await(t, func() string {
		const ask = `import urllib.request as r, sys; print(r.urlopen("http://127.0.0.1:8888/user/someone/" + sys.argv[1] + "?token=0123456789abcdef").read().decode())`
		specs := c.exec("python3", "-c", ask, "api/kernelspecs").stdout
		notebooks := c.exec("python3", "-c", ask, "api/contents/notebooks").stdout
		if !strings.Contains(specs, `"gonb"`) || !strings.Contains(notebooks, "00_start_here.ipynb") {
			return fmt.Sprintf("Jupyter answers %.500s and %.500s; its log:\n%s", specs, notebooks, c.log())
		}
		return ""
	})
}

// TestFirstChapterRunsInChromium does what a learner does, in a network that has nothing but the container.
func TestFirstChapterRunsInChromium(t *testing.T) {
	if url := os.Getenv("TUTORIAL_LAB_URL"); url != "" { // the inner run, see below
		notebooks := filepath.Join(os.Getenv("TUTORIAL_LAB_HOME"), "notebooks")
		browsertest.Open(t, 1400, 900).Read(url, "image",
			filepath.Join(notebooks, "00_start_here.ipynb"), filepath.Join(notebooks, "threading", "01_basic_threading.ipynb"))
		return
	}
	e := runningImage(t)
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("it takes root on Linux to let the browser into the container's network")
	}
	home, options := bindable(t, e)
	c, url, _ := e.lab(t, slices.Concat(cut, options, []string{"--memory", "2g", "--volume", home + ":/home/jovyan"})...)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The browser, and the test that drives it, run in the network of the container.
	inner := exec.Command("nsenter", "--net=/proc/"+c.inspect("{{.State.Pid}}")+"/ns/net", self,
		"-test.run=^TestFirstChapterRunsInChromium$", "-test.v", "-test.timeout=10m")
	inner.Env = append(os.Environ(), "TUTORIAL_LAB_URL="+url, "TUTORIAL_LAB_HOME="+home)
	out, err := inner.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !strings.Contains(string(out), "--- PASS: TestFirstChapterRunsInChromium") {
		t.Errorf("the browser's part failed: %v", err)
	}
}
