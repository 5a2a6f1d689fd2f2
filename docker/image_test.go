package docker_test

import (
	"regexp"
	"slices"
	"testing"
)

func TestImageIsSmall(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	const limit = 850_000_000 // bytes on top of the base image, unpacked
	base := regexp.MustCompile(`(?m)^FROM (debian:\S+)`).FindStringSubmatch(read(t, "../Dockerfile"))[1]
	if e.program == "docker" { // whose builder keeps bases to itself
		execute(t.Context(), "docker", "pull", "--quiet", base).must(t)
	}
	var whole, below int64
	decode(t, execute(t.Context(), e.program, "image", "inspect", "--format", "{{.Size}}", e.image).must(t), &whole)
	decode(t, execute(t.Context(), e.program, "image", "inspect", "--format", "{{.Size}}", base).must(t), &below)
	t.Logf("%d MB, %d MB of them from %s. The rest in MB:\n%s", whole/1e6, below/1e6, base,
		e.once(t, nil, "du", "--block-size=MB", "--summarize", "/opt/environment/lib", "/opt/environment/build-cache", "/opt/environment/tools",
			"/opt/environment/bin", "/opt/environment/share", "/opt/environment/mod", "/opt/tutorial", "/usr/local/go",
			"/usr/libexec/gcc", "/usr/lib/gcc", "/usr/lib/python3.13", "/usr/lib", "/usr/bin", "/usr/include", "/var").stdout)
	if whole-below > limit {
		t.Errorf("the image adds %d MB to its base; it may add %d", (whole-below)/1e6, limit/1_000_000)
	}
}

func TestImageSaysHowItIsRun(t *testing.T) {
	t.Parallel()
	config := builtImage(t).config(t)
	if config.User != "1000" {
		t.Errorf("it runs as %q; want the ID 1000, which Kubernetes can see not to be root", config.User)
	}
	if len(config.Entrypoint) == 0 || config.Entrypoint[0] != "tini" {
		t.Errorf("the entry point is %q; want an init first", config.Entrypoint)
	}
	if _, ok := config.ExposedPorts["8888/tcp"]; !ok || len(config.ExposedPorts) != 1 {
		t.Errorf("it exposes %v; want Jupyter's port alone", config.ExposedPorts)
	}
	if len(config.Volumes) > 0 {
		t.Errorf("it declares the volumes %v, which would be left behind by every container", config.Volumes)
	}
	if h := config.Healthcheck; h == nil || !slices.Equal(h.Test, []string{"CMD", "healthy"}) {
		t.Errorf("its health check is %v", h)
	}
	for _, label := range []string{"title", "description", "licenses"} {
		if config.Labels["org.opencontainers.image."+label] == "" {
			t.Errorf("it has no label %s", label)
		}
	}
}

func TestImageHasNoSecret(t *testing.T) {
	t.Parallel()
	e := builtImage(t)
	config := e.config(t)
	secret := regexp.MustCompile(`(?i)token|passw|secret|credential|api_?key`)
	for _, text := range slices.Concat(config.Env, config.Cmd, config.Entrypoint) {
		if secret.MatchString(text) {
			t.Errorf("the image says %q to every container", text)
		}
	}
	// What Jupyter would take for a password or a token, and what package managers and Go keep of those that they used.
	found := lines(e.once(t, []string{"--user", "0"}, "find", "/", "-xdev", "(",
		"-name", "jupyter_cookie_secret", "-o", "-name", "notebook_secret", "-o", "-name", "jpserver-*", "-o",
		"-name", ".netrc", "-o", "-name", "pip.conf", "-o", "-name", "id_*", "-path", "*/.ssh/*", "-o",
		"-path", "/root/.*", "-type", "f", "-not", "-name", ".bashrc", "-not", "-name", ".profile", ")", "-print").must(t))
	if len(found) > 0 {
		t.Errorf("the image has %q", found)
	}
	configured := e.once(t, []string{"--user", "0"}, "sh", "-c", configuredSecrets+"; [ $? = 1 ]") // 2 is that it could not look
	if configured.stdout != "" || configured.err != nil {
		t.Errorf("a token or password is configured in %q; %s", lines(configured.stdout), configured.stderr)
	}
}

// configuredSecrets lists the files that configure a token or a password for Jupyter. A class and its option may be on different
// lines, so it takes each file as one.
const configuredSecrets = `grep -rlzE '(IdentityProvider|ServerApp|NotebookApp)[^}]*(token|password)' /opt/environment/etc /etc`

// TestConfiguredSecretIsSeen is the negative control of the one before.
func TestConfiguredSecretIsSeen(t *testing.T) {
	t.Parallel()
	e := builtImage(t)
	out := e.once(t, []string{"--user", "0"}, "sh", "-c", `mkdir /etc/jupyter && cat >/etc/jupyter/jupyter_server_config.json <<EOF
{
  "PasswordIdentityProvider": {
    "hashed_password": "argon2:x"
  }
}
EOF
`+configuredSecrets)
	if out.must(t) != "/etc/jupyter/jupyter_server_config.json\n" {
		t.Errorf("found %q", out.stdout)
	}
}

func TestNobodyBecomesRoot(t *testing.T) {
	t.Parallel()
	e := builtImage(t)
	if found := lines(e.once(t, []string{"--user", "0"}, "find", "/", "-xdev", "-type", "f", "-perm", "/6000").must(t)); len(found) > 0 {
		t.Errorf("these run with another's rights: %q", found)
	}
	for _, name := range []string{"sudo", "doas", "pkexec"} {
		if out := e.once(t, nil, "sh", "-c", "command -v "+name); out.err == nil {
			t.Errorf("there is %s", out.stdout)
		}
	}
	writable := lines(e.once(t, []string{"--user", "0"}, "find", "/", "-xdev", "-not", "-type", "l", "-perm", "-o=w",
		"-not", "-path", "/tmp*", "-not", "-path", "/var/tmp", "-not", "-path", "/run/lock", "-not", "-path", "/dev/*", "-not", "-path", "/proc/*").must(t))
	if len(writable) > 0 {
		t.Errorf("every user may write to %q", writable)
	}
}

// TestSetIDBitIsSeen is the negative control of the one before.
func TestSetIDBitIsSeen(t *testing.T) {
	t.Parallel()
	e := builtImage(t)
	out := e.once(t, []string{"--user", "0"}, "sh", "-c", "cp /bin/true /usr/bin/surprise && chmod u+s /usr/bin/surprise && find / -xdev -type f -perm /6000")
	if out.must(t) != "/usr/bin/surprise\n" {
		t.Errorf("found %q", out.stdout)
	}
}

func TestNothingOfTheBuildIsLeft(t *testing.T) {
	t.Parallel()
	e := builtImage(t)
	found := lines(e.once(t, []string{"--user", "0"}, "sh", "-c",
		`find /root/.cache /root/go /go /opt/environment/uv-cache /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /tmp/* /var/tmp/* -not -path '/tmp/go-build*' -not -path '/tmp/start.*' 2>/dev/null`).stdout)
	if len(found) > 0 {
		t.Errorf("the build left %.500q", found)
	}
	unreadable := lines(e.once(t, []string{"--user", "0"}, "find", "/opt", "-not", "-perm", "-o=r").must(t))
	if len(unreadable) > 0 {
		t.Errorf("other users than root cannot read %q", unreadable)
	}
}

func TestGoIsTheOneThatTheDockerfileNames(t *testing.T) {
	t.Parallel()
	e := builtImage(t)
	want := regexp.MustCompile(`(?m)^FROM golang:(\d+\.\d+)`).FindStringSubmatch(read(t, "../Dockerfile"))[1]
	if got := e.once(t, nil, "go", "env", "GOVERSION", "GOTOOLCHAIN").must(t); !regexp.MustCompile(`^go` + regexp.QuoteMeta(want) + `(\.\d+)?\nlocal\n$`).MatchString(got) {
		t.Errorf("go is %q; want %s, and never another that it fetches itself", got, want)
	}
}
