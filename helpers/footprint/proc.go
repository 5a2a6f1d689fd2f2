package footprint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// usage is what the system says of one process, in bytes.
type usage struct {
	resident    int64 // pages of the process in memory
	reserved    int64 // address space
	kernelStack int64 // of all processes of the system: Linux does not tell it apart
	threads     int64 // a number, not bytes
}

// ErrUnsupported is wrapped by the errors of systems that do not tell what a process takes.
var ErrUnsupported = errors.New("only Linux says how much memory a process takes, in /proc")

// readUsage reads the usage of a process below root, which is /proc except in tests.
func readUsage(root string, pid int) (usage, error) {
	dir := filepath.Join(root, strconv.Itoa(pid))
	status, err := readFields(filepath.Join(dir, "status"))
	if errors.Is(err, fs.ErrNotExist) {
		return usage{}, fmt.Errorf("memory cannot be measured on %s: %w", runtime.GOOS, ErrUnsupported)
	}
	if err != nil {
		return usage{}, err
	}
	resident, err := readFields(filepath.Join(dir, "smaps_rollup"))
	if err != nil { // some sandboxes lack it; this figure may be some pages behind
		resident = map[string]int64{"Rss": status["VmRSS"]}
	}
	system, err := readFields(filepath.Join(root, "meminfo"))
	if err != nil {
		return usage{}, err
	}
	u := usage{
		resident:    resident["Rss"],
		reserved:    status["VmSize"],
		kernelStack: system["KernelStack"],
		threads:     status["Threads"],
	}
	if u.resident == 0 {
		return usage{}, fmt.Errorf("memory cannot be measured here, because %s does not say how much of it is resident: %w", dir, ErrUnsupported)
	}
	return u, nil
}

// readFields reads lines such as "Rss:   1234 kB" into bytes, and numbers without a unit as they are.
func readFields(name string) (map[string]int64, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	fields := map[string]int64{}
	for line := range strings.Lines(string(b)) {
		key, rest, ok := strings.Cut(line, ":")
		words := strings.Fields(rest)
		if !ok || len(words) == 0 {
			continue
		}
		n, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			continue
		}
		if len(words) > 1 && words[1] == "kB" {
			n *= 1024
		}
		fields[key] = n
	}
	return fields, nil
}
