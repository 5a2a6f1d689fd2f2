package exercise

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tutorial/helpers/display"
	"tutorial/helpers/exercise/grade"
	"tutorial/helpers/figure"
)

// folder is where it is kept which exercises a learner has passed: the one that TUTORIAL_PROGRESS names, or one among the
// user's settings. For each exercise that was passed it holds an empty file. So two notebooks can add to it at once, and there
// is nothing in it that could be damaged.
func folder() (string, error) {
	if dir := os.Getenv("TUTORIAL_PROGRESS"); dir != "" {
		return dir, nil
	}
	settings, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(settings, "go-concurrency-tutorial", "passed"), nil
}

// note keeps that the exercise was passed.
func note(name string) error {
	dir, err := folder()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), nil, 0o644)
}

// hasPassed returns the exercises that were passed. What else is in the folder does not matter.
func hasPassed() (map[string]bool, error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	passed := map[string]bool{}
	for _, e := range entries {
		passed[e.Name()] = true
	}
	return passed, nil
}

// inSolutions reports whether the cell is in a solution's notebook, which nobody has passed by running it.
func inSolutions() bool {
	dir, err := os.Getwd()
	return err == nil && filepath.Base(dir) == "solutions"
}

// Progress shows which exercises the learner has passed.
func Progress() {
	passed, err := hasPassed()
	markup, text := table(grade.Exercises(), passed)
	display.HTML(markup, text)
	if err != nil {
		display.Printf("What you passed can't be read (%v), so exercises may be missing here.", err)
	}
}

func table(all []grade.Exercise, passed map[string]bool) (markup, text string) {
	var html, plain strings.Builder
	n := 0
	for _, e := range all {
		number, _, _ := strings.Cut(e.Name, "_")
		state := "not yet"
		if passed[e.Name] {
			state = "passed"
			n++
		}
		fmt.Fprintf(&html, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>", number, figure.EscapeHTML(e.Title), state)
		fmt.Fprintf(&plain, "%s  %-8s %s\n", number, state, e.Title)
	}
	sum := fmt.Sprintf("You have passed %d of %d exercises.", n, len(all))
	return "<p>" + sum + "</p><table><thead><tr><th>Number</th><th>Exercise</th><th>State</th></tr></thead><tbody>" + html.String() + "</tbody></table>",
		sum + "\n\n" + plain.String()
}
