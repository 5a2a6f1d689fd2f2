package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// What is assumed of the cluster and of the lesson; all else that sizing needs was measured.
const (
	nodeCores     = 7.5       // that pods can have of a machine with 8
	nodeMegabytes = 28 * 1024 // that pods can have of a machine with 32 GiB
	nodePods      = 100       // Kubernetes allows 110, and some are its own
	cellPatience  = 5.0       // seconds that a cell may take longer when all learners run it at the same moment
	arrival       = 300.0     // seconds in which a class logs in
	testedLimit   = 2048      // MiB in which the image is tested, because Binder gives no more
	podStart      = 20.0      // seconds until the server in a new pod answers, on a machine that has the image
)

// classes are the sizes that values are written for.
var classes = []int{30, 300, 3000}

// needs is what a class of so many learners needs.
type needs struct {
	learners int

	guarantee, limit         int     // memory of a learner, in MiB
	cpuGuarantee             float64 // processors of a learner
	perNode, nodes           int
	placeholders             int
	concurrentSpawns, active int
	hubSeconds               float64 // that the hub takes to let all in
	hubMegabytes             int
}

// roundUp returns the next multiple of step.
func roundUp(value float64, step int) int { return int(math.Ceil(value/float64(step))) * step }

// sizeOf works out what a class needs.
func sizeOf(learners int, r *report) needs {
	n := needs{learners: learners}
	n.guarantee = roundUp(1.25*r.RestMedian, 64)
	n.limit = max(testedLimit, roundUp(2*r.PeakWorst, 512))
	n.cpuGuarantee = float64(roundUp(100*cellSeconds(r)/cellPatience, 5)) / 100
	n.perNode = min(nodeMegabytes/n.guarantee, int(nodeCores/n.cpuGuarantee), nodePods)
	n.nodes = roundUp(float64(learners)/float64(n.perNode), 1)
	n.placeholders = roundUp(float64(learners)/10, 1)
	// The hub lets no more in than it can; what waits in it only makes it slower.
	n.hubSeconds = float64(learners) * r.HubProcessorSeconds
	rate := float64(learners) / max(arrival, n.hubSeconds)
	n.concurrentSpawns = max(10, roundUp(rate*podStart, 1))
	n.active = learners + n.placeholders
	n.hubMegabytes = roundUp(2*r.HubMegabytes+float64(learners)/2, 256)
	return n
}

// cellSeconds is the processor time of one cell.
func cellSeconds(r *report) float64 {
	return (r.ProcessorSeconds - r.StartProcessorSeconds) / float64(r.Cells)
}

// arithmetic shows how sizeOf came to it, a line for each step.
func (n needs) arithmetic(r *report) []string {
	return []string{
		fmt.Sprintf("memory guarantee   %.0f MB, the median of learners at rest, and a quarter more, up to 64s: %d MiB", r.RestMedian, n.guarantee),
		fmt.Sprintf("memory limit       %.0f MB, the highest peak of any learner, twice, up to 512s, and at least %d: %d MiB", r.PeakWorst, testedLimit, n.limit),
		fmt.Sprintf("processors         a cell takes %.2f s of one; if all run one at once it may take %.0f s longer: %.2f each", cellSeconds(r), cellPatience, n.cpuGuarantee),
		fmt.Sprintf("learners on a node the least of %d MiB / %d MiB = %d, of %.1f / %.2f processors = %d, and of %d pods: %d",
			nodeMegabytes, n.guarantee, nodeMegabytes/n.guarantee, nodeCores, n.cpuGuarantee, int(nodeCores/n.cpuGuarantee), nodePods, n.perNode),
		fmt.Sprintf("nodes              %d / %d, up: %d", n.learners, n.perNode, n.nodes),
		fmt.Sprintf("placeholders       a tenth of the class: %d", n.placeholders),
		fmt.Sprintf("the hub            %.2f s of its one processor for a log-in, times %d: all are in after %.0f s at the earliest", r.HubProcessorSeconds, n.learners, n.hubSeconds),
		fmt.Sprintf("starting at once   %d learners in %.0f s, %.0f s for a pod to start, at least 10: %d", n.learners, max(arrival, n.hubSeconds), podStart, n.concurrentSpawns),
	}
}

// values are the settings of Zero to JupyterHub that depend on the size of the class.
func (n needs) values(r *report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# For a class of %d, after values.yaml. Written by `go run ./docker/jupyterhub/class size`:\n#\n", n.learners)
	for _, line := range n.arithmetic(r) {
		fmt.Fprintf(&b, "#   %s\n", line)
	}
	fmt.Fprintf(&b, `singleuser:
  memory:
    guarantee: %dM
    limit: %dM
  cpu:
    guarantee: %.2f
    limit: 2
scheduling:
  userPlaceholder:
    replicas: %d
hub:
  concurrentSpawnLimit: %d
  activeServerLimit: %d
  resources:
    requests:
      cpu: 1
      memory: %dMi
    limits:
      memory: %dMi
`, n.guarantee, n.limit, n.cpuGuarantee, n.placeholders, n.concurrentSpawns, n.active, n.hubMegabytes, 2*n.hubMegabytes)
	return b.String()
}

// machines are the classes that README.md has a machine for.
var machines = []int{5, 10, 20, 30}

// gigabytes is how much memory one machine for the class needs, and for a teacher. The system and the hub have 2, and half of
// one is lost between the label of a machine and what its system has.
func (n needs) gigabytes() int {
	return roundUp(2.5+float64((n.learners+1)*n.guarantee)/1024, 2)
}

// machine is a table of the machine that a class needs which has one.
func machine(r *report) string {
	var b strings.Builder
	b.WriteString("| learners | memory | processors |\n|---|---|---|\n")
	for _, learners := range machines {
		n := sizeOf(learners, r)
		fmt.Fprintf(&b, "| %d | %d GB | %d |\n", learners, n.gigabytes(), max(2, roundUp(float64(learners)*n.cpuGuarantee, 1)))
	}
	fmt.Fprintf(&b, `
That is %d MB for each learner, a quarter more than %.0f, which the median learner takes who reads with one notebook open;
and so many processors that a cell, which takes %.1f s of one, ends within %.0f s more if all run it at the same moment. A
learner may take up to %d MB: for a moment that is somebody else's, and the system's own.
`, sizeOf(1, r).guarantee, r.RestMedian, cellSeconds(r), cellPatience, sizeOf(1, r).limit)
	return b.String()
}

// written puts text between the comments of README.md that say what goes there.
func written(page, name, text string) (string, error) {
	begin := "<!-- " + name + ": written by go run ./docker/jupyterhub/class size -->\n"
	before, rest, found := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, "<!-- end -->")
	if !found || !ended {
		return "", fmt.Errorf("README.md has no comments around what is %s; restore it", name)
	}
	return before + begin + text + "<!-- end -->" + after, nil
}

// files returns the content of each file in dir that is worked out from what was measured.
func files(dir string, r *report) (map[string]string, error) {
	all := map[string]string{}
	for _, learners := range classes {
		all[fmt.Sprintf("values-%d.yaml", learners)] = sizeOf(learners, r).values(r)
	}
	content, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		return nil, err
	}
	page, err := written(string(content), "machine", machine(r))
	if err != nil {
		return nil, err
	}
	var quoted strings.Builder
	for line := range strings.Lines(r.String()) {
		quoted.WriteString(strings.TrimRight("    "+line, " \n") + "\n")
	}
	all["README.md"], err = written(page, "measured", "\n"+quoted.String()+"\n")
	return all, err
}

// size writes the files that depend on what was measured, and prints the arithmetic.
func size(dir string, out io.Writer) error {
	r, err := readReport(filepath.Join(dir, "measured.json"))
	if err != nil {
		return err
	}
	all, err := files(dir, r)
	if err != nil {
		return err
	}
	for name, content := range all {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	for _, learners := range classes {
		fmt.Fprintf(out, "A class of %d, values-%[1]d.yaml:\n", learners)
		for _, line := range sizeOf(learners, r).arithmetic(r) {
			fmt.Fprintf(out, "  %s\n", line)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprint(out, machine(r))
	return nil
}
