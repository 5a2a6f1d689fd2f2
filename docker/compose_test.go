package docker_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestComposeKeepsWhatTheLearnerSaves starts the compose file, stops it, and starts it again.
func TestComposeKeepsWhatTheLearnerSaves(t *testing.T) {
	t.Parallel()
	e := runningImage(t)
	command := map[string][]string{"docker": {"docker", "compose"}, "podman": {"podman-compose"}}[e.program]
	if err := exec.Command(command[0], append(command[1:], "version")...).Run(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("there is no %s here", strings.Join(command, " "))
	}
	port, project := freePort(t), "tutorial-test-"+strings.ToLower(rand.Text()) // not those of whoever runs the test
	compose := func(args ...string) output {
		all := slices.Concat(command[1:], []string{"--file", "../compose.yaml", "--project-name", project}, args)
		// Not the test's context: that has ended when the test cleans up.
		return executeWith(context.Background(), []string{"IMAGE=" + e.image, "PORT=" + port}, command[0], all...)
	}
	t.Cleanup(func() { compose("down", "--volumes") })

	status := func(query string) string {
		client := http.Client{Timeout: patience}
		answer, err := client.Get("http://127.0.0.1:" + port + "/api/contents/notebooks" + query)
		if err != nil {
			return err.Error()
		}
		answer.Body.Close()
		return fmt.Sprint(answer.StatusCode)
	}
	// podman-compose has an exec of its own, which loses the exit status.
	up := func() *container {
		t.Helper()
		compose("up", "--detach", "--no-build").must(t)
		var token string
		await(t, func() string {
			log := compose("logs")
			match := tokenURL.FindStringSubmatch(log.stdout + log.stderr)
			if match == nil {
				return "no URL with a token was printed:\n" + log.stdout + log.stderr
			}
			token = match[1]
			return ""
		})
		if got := status(""); got != "403" {
			t.Errorf("without the token: %s; want 403", got)
		}
		if got := status("?token=" + token); got != "200" {
			t.Errorf("with the token: %s; want 200", got)
		}
		name := execute(t.Context(), e.program, "ps", "--quiet", "--filter", "label=com.docker.compose.project="+project).must(t)
		return &container{e, t, strings.TrimSpace(name)}
	}

	lab := up()
	lab.exec("sh", "-c", "echo mine >~/mine.txt").must(t)
	if out := lab.exec("touch", "/opt/environment/x"); out.err == nil || !strings.Contains(out.stderr, "Read-only") {
		t.Errorf("the root can be written to: %v, %s", out.err, out.stderr)
	}
	lab.exec("sh", "-c", "cd /opt/tutorial && kernel-setup check").must(t)
	compose("down").must(t)
	if got := status(""); !strings.Contains(got, "refused") {
		t.Errorf("after down the port still answers: %s", got)
	}
	if got := up().exec("cat", "/home/jovyan/mine.txt").must(t); got != "mine\n" {
		t.Errorf("what was saved is now %q", got)
	}
}

// freePort returns a port that nothing has at the moment.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}
