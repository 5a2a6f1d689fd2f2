package docker_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Binder takes the Dockerfile in the root of the checkout, unless there is one of these folders.
func TestBinderFindsTheDockerfile(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"../binder", "../.binder"} {
		if _, err := os.Lstat(other); err == nil {
			t.Errorf("there is %s, so Binder does not look at the Dockerfile", other)
		}
	}
}

func TestDockerfileKeepsToWhatBinderAsks(t *testing.T) {
	t.Parallel()
	for _, fault := range binderFaults(read(t, "../Dockerfile")) {
		t.Error(fault)
	}
}

// TestFaultsOfADockerfileAreFound is the negative control: each change to the real file breaks a rule.
func TestFaultsOfADockerfileAreFound(t *testing.T) {
	t.Parallel()
	real := read(t, "../Dockerfile")
	for _, c := range []struct{ change, old, new, fault string }{
		{"a here-document", "RUN apt-get update", "RUN <<END\nEND\nRUN apt-get update", "here-document"},
		{"a mount", "RUN apt-get update", "RUN --mount=type=cache,target=/a apt-get update", "--mount"},
		{"a clone", "RUN apt-get update", "RUN git clone https://a.example && apt-get update", "clone"},
		{"no argument for the user", "ARG NB_USER=jovyan", "", "NB_USER"},
		{"another user ID", "ARG NB_UID=1000", "ARG NB_UID=1001", "NB_UID"},
		{"a download for one architecture", "RUN apt-get update", "RUN curl https://a.example/go.linux-amd64.tar.gz && apt-get update", "amd64"},
	} {
		changed := strings.Replace(real, c.old, c.new, 1)
		faults := binderFaults(changed)
		if changed == real || len(faults) != 1 || !strings.Contains(faults[0], c.fault) {
			t.Errorf("%s: the faults are %q; want one with %q", c.change, faults, c.fault)
		}
	}
}

// binderFaults returns what a Dockerfile has that Binder's builder, or a machine of another architecture, does not take, and
// that hadolint lets pass.
func binderFaults(dockerfile string) []string {
	text := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(dockerfile, "")
	last := text[max(0, strings.LastIndex(text, "\nFROM ")):]
	var faults []string
	for _, rule := range []struct {
		text, look string
		wanted     bool
		fault      string
	}{
		{text, `<<`, false, "there is a here-document, which an old builder takes for a redirection"},
		{text, `--mount`, false, "RUN has --mount, which an old builder lacks"},
		{text, `git clone`, false, "RUN clones: the layer would stay as it is when the repository changes; copy from the context"},
		{text, `amd64|x86[_-]64|arm64|aarch64`, false, "something is for one architecture alone, such as amd64"},
		{last, `(?m)^ARG NB_USER=jovyan$`, true, "the last stage has no ARG NB_USER=jovyan, which Binder sets"},
		{last, `(?m)^ARG NB_UID=1000$`, true, "the last stage has no ARG NB_UID=1000, which Binder sets"},
	} {
		if regexp.MustCompile(rule.look).MatchString(rule.text) != rule.wanted {
			faults = append(faults, rule.fault)
		}
	}
	return faults
}

// TestHadolint runs the linter of Dockerfiles, see .ci/run for where it comes from.
func TestHadolint(t *testing.T) {
	t.Parallel()
	lint, err := exec.LookPath("hadolint")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("hadolint is not installed")
	}
	if out, err := exec.Command(lint, "--no-color", "../Dockerfile").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	bad := filepath.Join(t.TempDir(), "Dockerfile")
	if err := os.WriteFile(bad, []byte("FROM debian\nRUN cd /tmp && sudo ls\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(lint, "--no-color", bad).CombinedOutput(); err == nil || !strings.Contains(string(out), "DL3006") {
		t.Errorf("the linter takes a base without a tag: %v\n%s", err, out)
	}
}

// The two locks are installed into one environment, and the hub has the version of JupyterHub that its servers have.
func TestLocksAgree(t *testing.T) {
	t.Parallel()
	environment, servers := locked(t, "../kernel-setup/requirements.txt"), locked(t, "jupyterhub/requirements.txt")
	shared := 0
	for name, version := range servers {
		if other, ok := environment[name]; ok {
			shared++
			if other != version {
				t.Errorf("%s is %s in kernel-setup's lock, and %s in JupyterHub's", name, other, version)
			}
		}
	}
	if version := locked(t, "jupyterhub/hub.txt")["jupyterhub"]; version == "" || version != servers["jupyterhub"] {
		t.Errorf("JupyterHub is %q for the hub, and %q for its servers", version, servers["jupyterhub"])
	}
	if shared == 0 {
		t.Error("no package is in both locks; the test does not see what is in them")
	}
}

var lockLine = regexp.MustCompile(`(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*)`)

// locked returns the versions in lock files, by the normalised name of the package.
func locked(t testing.TB, files ...string) map[string]string {
	t.Helper()
	versions := map[string]string{}
	for _, file := range files {
		for _, match := range lockLine.FindAllStringSubmatch(read(t, file), -1) {
			versions[normal(match[1])] = match[2]
		}
	}
	return versions
}

// normal is a package's name as https://packaging.python.org/en/latest/specifications/name-normalization/ has it.
func normal(name string) string {
	return strings.ToLower(regexp.MustCompile(`[-_.]+`).ReplaceAllString(name, "-"))
}

// The badge opens the notebook that the image's own command opens.
func TestBadgeOpensTheStartNotebook(t *testing.T) {
	t.Parallel()
	const notebook = "notebooks/00_start_here.ipynb"
	if _, err := os.Stat("../" + notebook); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(read(t, "../CONTRIBUTING.md"), "HEAD?urlpath=lab/tree/"+notebook+")") {
		t.Errorf("the badge in CONTRIBUTING.md does not open %s", notebook)
	}
	if !strings.Contains(read(t, "../Dockerfile"), "default_url=/lab/tree/"+notebook) {
		t.Errorf("the image does not open %s", notebook)
	}
}
