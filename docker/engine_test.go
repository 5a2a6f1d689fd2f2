package docker_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	engineFlag = flag.String("engine", "", "`program` with which the image was built: docker, podman or buildah; docker/test sets it")
	imageFlag  = flag.String("image", "", "`name` of the image to test; docker/test sets it")
)

// patience is how long a test waits for what takes a few seconds on a machine that has nothing else to do.
const patience = 2 * time.Minute

// An engine runs containers.
type engine struct {
	program string
	image   string
}

// builtImage returns the engine and the image that docker/test has built, and skips the test without them.
func builtImage(t testing.TB) engine {
	t.Helper()
	if *engineFlag == "" || *imageFlag == "" {
		t.Skip("there is no image; run docker/test, which builds one")
	}
	return engine{*engineFlag, *imageFlag}
}

// runningImage is builtImage for tests that need a whole container engine.
func runningImage(t testing.TB) engine {
	t.Helper()
	e := builtImage(t)
	if e.program == "buildah" {
		t.Skip("buildah builds images, and runs a container with no limits, volumes or network of its own; it takes docker or podman")
	}
	return e
}

// output is what a program printed, and how it ended.
type output struct {
	stdout, stderr string
	err            error
}

func execute(ctx context.Context, name string, args ...string) output {
	return executeWith(ctx, nil, name, args...)
}

// executeWith runs a program with more in its environment.
func executeWith(ctx context.Context, env []string, name string, args ...string) output {
	var out, err bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &out, &err
	failed := cmd.Run()
	return output{out.String(), err.String(), failed}
}

// must returns what was printed, and fails the test if the program failed.
func (o output) must(t testing.TB) string {
	t.Helper()
	if o.err != nil {
		t.Fatalf("%v\n%s%s", o.err, o.stdout, o.stderr)
	}
	return o.stdout
}

// once runs a command in a new container with the engine's options, and removes the container. The command goes through
// the image's entry point.
func (e engine) once(t testing.TB, options []string, command ...string) output {
	t.Helper()
	if e.program == "buildah" {
		return e.onceWithBuildah(t, options, command)
	}
	// A name, because an engine that is killed leaves its container.
	name := "tutorial-test-" + strings.ToLower(rand.Text())
	t.Cleanup(func() { exec.Command(e.program, "rm", "--force", name).Run() })
	return execute(t.Context(), e.program, slices.Concat([]string{"run", "--rm", "--name", name, "--no-healthcheck"}, options, []string{e.image}, command)...)
}

// onceWithBuildah runs a command as the image would; of options it takes those that buildah has.
func (e engine) onceWithBuildah(t testing.TB, options, command []string) output {
	t.Helper()
	container := strings.TrimSpace(execute(t.Context(), "buildah", "from", "--pull-never", e.image).must(t))
	t.Cleanup(func() { exec.Command("buildah", "rm", container).Run() })
	return execute(t.Context(), "buildah", slices.Concat([]string{"run"}, options, []string{container, "--"}, e.config(t).Entrypoint, command)...)
}

// A container runs in the background until the test ends.
type container struct {
	engine
	t    testing.TB
	name string
}

// start starts a container with the engine's options, and with the image's own command if there is no other.
func (e engine) start(t testing.TB, options []string, command ...string) *container {
	t.Helper()
	c := &container{e, t, "tutorial-test-" + strings.ToLower(rand.Text())}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of %s %s:\n%s", c.name, options, c.log())
		}
		exec.Command(e.program, "rm", "--force", c.name).Run()
	})
	execute(t.Context(), e.program, slices.Concat([]string{"run", "--detach", "--name", c.name, "--no-healthcheck"}, options, []string{e.image}, command)...).must(t)
	return c
}

// exec runs a command in the container, not through the entry point.
func (c *container) exec(command ...string) output {
	return execute(c.t.Context(), c.program, slices.Concat([]string{"exec", c.name}, command)...)
}

// log is all that the container has printed.
func (c *container) log() string {
	out := execute(context.Background(), c.program, "logs", c.name)
	return out.stdout + out.stderr
}

// inspect returns a part of what the engine knows of the container, by its template.
func (c *container) inspect(template string) string {
	c.t.Helper()
	return strings.TrimSpace(execute(c.t.Context(), c.program, "inspect", "--format", template, c.name).must(c.t))
}

// A config is what an image says of the containers that it is for.
type config struct {
	User         string
	Env          []string
	Entrypoint   []string
	Cmd          []string
	ExposedPorts map[string]struct{}
	Volumes      map[string]struct{}
	Labels       map[string]string
	Healthcheck  *struct{ Test []string }
}

func (e engine) config(t testing.TB) config {
	t.Helper()
	if e.program == "buildah" {
		var image struct{ Docker struct{ Config config } }
		decode(t, execute(t.Context(), "buildah", "inspect", "--type", "image", e.image).must(t), &image)
		return image.Docker.Config
	}
	// Podman has the health check outside of Config.
	var images []struct {
		Config      config
		Healthcheck *struct{ Test []string }
	}
	decode(t, execute(t.Context(), e.program, "image", "inspect", e.image).must(t), &images)
	if len(images) != 1 {
		t.Fatalf("%d images are called %s", len(images), e.image)
	}
	if images[0].Config.Healthcheck == nil {
		images[0].Config.Healthcheck = images[0].Healthcheck
	}
	return images[0].Config
}

func decode(t testing.TB, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in\n%.1000s", err, text)
	}
}

// await polls until is says nothing, and fails the test with its last word if that takes too long.
func await(t testing.TB, is func() string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		problem := is()
		if problem == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(problem)
		}
	}
}

// lines are the lines of a text, without empty ones.
func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}
