package notebooks_test

import (
	"fmt"
	"testing"

	"tutorial/kernel-setup/notebook"
)

var _ = claims("asyncio/03_tasks.ipynb",
	// Tasks. One after another, the three would take 0.9 s.
	cell("tasks-python", matches(`^news mail weather$`), printsNumber(`^after ([\d.]+) s$`, 0.3, 0.8)),
	cell("tasks-go", matches(`^news mail weather$`), printsNumber(`^after ([\d.]+) s$`, 0.3, 0.8)),
	cell("tasks-picture-python", draws("Three tasks, awaited one after the other. main and 3 tasks in "),
		tabulates("fetch 0", "sleeping", 0.29, 2), tabulates("fetch 2", "sleeping", 0.29, 2), tabulates("main", "task", 0.25, 0.8)),
	cell("tasks-picture-go", draws("Three goroutines, received from one after the other. 4 goroutines in "),
		tabulates("goroutine 0", "sleeping", 0.26, 2), tabulates("goroutine 2", "sleeping", 0.26, 2), tabulates("main", "channel receive", 0.25, 0.8)),
	cell("twice-python", prints("first:  news", "second: news")),
	cell("twice-go", prints("first:  news"), failsWith("all goroutines are asleep - deadlock!")),
	cell("begin-python", prints("main: created it", "main: still me", "task: I've begun", "main: it's done")),
	cell("begin-go", matches(`\A(after (0s|10µs|1ms): main was first \d+ times, the goroutine \d+ times\n){3}\z`),
		thousandEach()),
	// Python 3.12 brought eager tasks.
	cell("eager-python", matches(`\APython 3\.(11\.\d+\nmain: created it\ntask: I've begun|(1[2-9]|[2-9]\d)\.\d+\ntask: I've begun\nmain: created it)\n\z`)),
	cell("errors-python", prints("news -> today's news", "mail -> failed: the server hung up")),
	cell("errors-go-run", prints("news -> today's news", "mail -> failed: the server hung up")),

	// Cancelling a task
	cell("cancel-python", prints("download: begins", "download: cleaning up", "main: the task was cancelled: True")),
	cell("cancel-go", prints("download: begins", "download: cleaning up", "main: the download says: context canceled")),
	cell("cancel-picture-python", draws("A task is cancelled while it sleeps. main and 1 task in "), draws("1 was cancelled."),
		tabulates("download", "sleeping", 0.15, 5)),
	cell("cancel-picture-go", draws("A goroutine hears that its context is cancelled. 2 goroutines in "),
		draws("quietDownload waited in a select for "), tabulates("quietDownload", "select", 0.15, 5)),
	cell("stubborn-python", matches(`\Aattempt 1 went wrong\nattempt 2 went well\nattempt 3 went well\n`),
		printsNumber(`^cancelled: False, ([\d.]+) s later$`, 0.4, 3)),
	cell("stubborn-go", matches(`\Aattempt 1 went well\nattempt 2 went well\nattempt 3 went well\n`),
		printsNumber(`^context canceled, ([\d.]+) s later$`, 0.4, 3)),
	cell("cause-python", prints("CancelledError: the user closed the window")),
	cell("cause-go", prints("Err:   context canceled", "Cause: the user closed the window")),

	// Time limits
	cell("timeout-python", prints("got news", "too late for the rest")),
	cell("timeout-go-run", prints("got news", "mail: too late for the rest", "late? true - context: context deadline exceeded")),
	cell("after-python", prints("nothing came in 0.2 s")),
	cell("after-go", prints(`line: "", error: nothing came in 0.2 s`)),

	// Forgotten tasks
	cell("forgotten-error-python", prints("main: all is well"), reports("Task exception was never retrieved"), reports("OSError: the disk is full")),
	cell("forgotten-error-go", prints("main: all is well"), quiet()),
	cell("forgotten-end-python", prints("background: begins", "main: last line", "background: cleaning up")),
	cell("forgotten-end-go", prints("background: begins", "main: last line")),
	cell("forgotten-gc-python", prints("tasks: 2", "tasks: 1"), reports("Task was destroyed but it is pending!")),
	cell("forgotten-gc-go", prints("goroutines: 2", "goroutines: 2")),

	// Pitfalls
	cell("pitfall-limit", prints("main: too late", "fetch: got the news, for nobody")),
)

// thousandEach wants the two counts in each line to add up to a thousand.
func thousandEach() check {
	return func(c notebook.Cell) error { return thousandIn(output(c)) }
}

func thousandIn(printed []string) error {
	for _, line := range printed {
		var moment string
		var main, goroutine int
		if _, err := fmt.Sscanf(line, "after %s main was first %d times, the goroutine %d times", &moment, &main, &goroutine); err != nil || main+goroutine != 1000 {
			return fmt.Errorf("the counts in %q should add up to 1000", line)
		}
	}
	return nil
}

// quiet wants nothing on standard error.
func quiet() check {
	return func(c notebook.Cell) error {
		if said := c.Stream("stderr"); said != "" {
			return fmt.Errorf("it should say nothing on standard error, and says %q", said)
		}
		return nil
	}
}

func TestCountsOfTasksControl(t *testing.T) {
	t.Parallel()
	if err := thousandIn([]string{"after 10µs: main was first 990 times, the goroutine 10 times"}); err != nil {
		t.Error(err)
	}
	if thousandIn([]string{"after 10µs: main was first 990 times, the goroutine 11 times"}) == nil {
		t.Error("counts that add up to 1001 should be found")
	}
	for _, c := range fixture(t).Cells {
		if c.ID == "three" && quiet()(c) == nil {
			t.Error("text on standard error should be found")
		}
	}
}
