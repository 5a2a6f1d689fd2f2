package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
)

// A report is what a class took. Memory is in megabytes (2^20 bytes) of proportional set size, in which what processes
// share is divided among them; medians and worsts are over the learners.
type report struct {
	Learners   int      `json:"learners"`
	Processors int      `json:"processors"`
	Go         string   `json:"go"`
	Chapters   []string `json:"chapters"`

	Cells int `json:"cells"` // of code, in all chapters

	HubMegabytes        float64 `json:"hubMegabytes"`        // hub and proxy, before anybody is there
	HubProcessorSeconds float64 `json:"hubProcessorSeconds"` // of hub and proxy, for one learner to log in and get a server

	StartMedian           float64 `json:"startMedianSeconds"` // from the log-in to a JupyterLab that answers, all at once
	StartWorst            float64 `json:"startWorstSeconds"`
	StartProcessorSeconds float64 `json:"startProcessorSeconds"` // a learner's

	ChaptersMedian   float64 `json:"chaptersMedianSeconds"` // for all chapters, all learners at once
	ChaptersWorst    float64 `json:"chaptersWorstSeconds"`
	ProcessorSeconds float64 `json:"processorSeconds"` // a learner's, from the start of the server to the end of the last chapter

	PeakMegabytes map[kind]float64 `json:"peakMegabytes"` // of each kind at its own highest moment
	PeakMedian    float64          `json:"peakMedianMegabytes"`
	PeakWorst     float64          `json:"peakWorstMegabytes"`
	ClassPeak     float64          `json:"classPeakMegabytes"` // all learners and the hub at one moment

	RestMegabytes map[kind]float64 `json:"restMegabytes"` // of learners who read, one notebook open
	RestMedian    float64          `json:"restMedianMegabytes"`
	RestWorst     float64          `json:"restWorstMegabytes"`

	KernelBackMedian float64 `json:"kernelBackMedianSeconds"` // until a cell runs again after a kernel was killed
	ServerBackMedian float64 `json:"serverBackMedianSeconds"` // after all of a learner's processes were
	HubBack          float64 `json:"hubBackSeconds"`          // until all cells run again after the hub was
	KernelsAgain     int     `json:"kernelsAgain"`            // how many kernels had to be started again, having found no port
	PressedAgain     int     `json:"pressedAgain"`            // how often a learner had to start a server again, because the hub could not at once
}

func megabytes(bytes int64) float64 { return math.Round(float64(bytes) / (1 << 20)) }

func round(seconds float64) float64 { return math.Round(seconds*10) / 10 }

func kindsInMegabytes(memory map[kind]int64) map[kind]float64 {
	result := map[kind]float64{}
	for k, bytes := range memory {
		result[k] = megabytes(bytes)
	}
	return result
}

// String is the report for people.
func (r *report) String() string {
	var b strings.Builder
	line := func(what, format string, args ...any) {
		fmt.Fprintf(&b, "%-38s "+format+"\n", append([]any{what}, args...)...)
	}
	line("learners", "%d on %d processors, %s", r.Learners, r.Processors, r.Go)
	line("chapters", "%s", strings.Join(r.Chapters, " "))
	line("log-in to JupyterLab", "median %.1f s, worst %.1f s, %.1f s of a processor each", r.StartMedian, r.StartWorst, r.StartProcessorSeconds)
	line(fmt.Sprintf("all %d cells of the chapters", r.Cells), "median %.1f s, worst %.1f s, %.1f s of a processor each", r.ChaptersMedian, r.ChaptersWorst, r.ProcessorSeconds-r.StartProcessorSeconds)
	b.WriteString("\nmemory of a learner, MB, median        at rest    at its peak\n")
	for _, k := range kinds {
		fmt.Fprintf(&b, "  %-36s %7.0f %14.0f\n", k, r.RestMegabytes[k], r.PeakMegabytes[k])
	}
	fmt.Fprintf(&b, "  %-36s %7.0f %14.0f\n", "together at one moment", r.RestMedian, r.PeakMedian)
	fmt.Fprintf(&b, "  %-36s %7.0f %14.0f\n\n", "of the learner with the most", r.RestWorst, r.PeakWorst)
	line("hub and proxy", "%.0f MB, %.2f s of a processor for each log-in", r.HubMegabytes, r.HubProcessorSeconds)
	line("the whole class at its peak", "%.0f MB", r.ClassPeak)
	b.WriteString("\n")
	line("a cell runs again after its kernel", "was killed: %.1f s", r.KernelBackMedian)
	line("... after the learner's server was", "killed: %.1f s", r.ServerBackMedian)
	line("... for all after the hub was", "killed: %.1f s", r.HubBack)
	line("starts that had to be repeated", "%d of servers, %d of kernels", r.PressedAgain, r.KernelsAgain)
	b.WriteString("\nEvery cell did what it should, and nothing that was saved was lost.\n")
	return b.String()
}

func (r *report) write(name string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(b, '\n'), 0o644)
}

// readReport reads what write has written.
func readReport(name string) (*report, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var r report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("%s: %w; make it anew with: go run ./docker/jupyterhub/class -o %[1]s", name, err)
	}
	return &r, nil
}
