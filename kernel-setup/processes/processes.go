// Package processes finds out which programs run on this machine, and where they listen. Apart from All it is for Linux: it reads /proc.
package processes

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Process is a running program.
type Process struct {
	PID, Parent int
	Name        string   // of the program; Linux cuts it to 15 bytes
	Args        []string // its command line, if Marked has found it; the first is the program
	Env         []string // its environment when it was started, if Marked has found it
}

func (p Process) String() string {
	return fmt.Sprintf("%d %.100s", p.PID, strings.Join(strings.Fields(strings.Join(p.Args, " ")), " "))
}

// File is the path of one of the files that tell about the process, such as "stat".
func (p Process) File(name string) string { return filepath.Join("/proc", strconv.Itoa(p.PID), name) }

// ErrNoProc is returned where there is no /proc to find processes in.
var ErrNoProc = errors.New("this system has no /proc to find processes in; use Linux")

// All returns the processes that can be seen. Without /proc, as on macOS, it asks ps. It may be called concurrently.
func All() []Process {
	if found := inProc(); len(found) > 0 {
		return found
	}
	var found []Process
	out, _ := exec.Command("ps", "-axo", "pid=,ppid=,comm=").Output()
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) > 2 {
			pid, _ := strconv.Atoi(fields[0])
			parent, _ := strconv.Atoi(fields[1])
			found = append(found, Process{PID: pid, Parent: parent, Name: filepath.Base(fields[2])})
		}
	}
	return found
}

func inProc() (found []Process) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		content, err := os.ReadFile(name)
		open, end := bytes.IndexByte(content, '('), bytes.LastIndexByte(content, ')')
		if err != nil || end < open {
			continue // it has ended
		}
		p := Process{Name: string(content[open+1 : end])}
		p.PID, _ = strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if fields := strings.Fields(string(content[end+1:])); len(fields) > 1 {
			p.Parent, _ = strconv.Atoi(fields[1])
		}
		found = append(found, p)
	}
	return found
}

// Marked returns the processes that were started with the variable, such as "A=b", in their environment. A program hands
// its environment on, so this finds its whole family, also those whose parents are gone. What is not seen: processes of other
// users, unless root asks; and, for an instant, one that is just becoming another program. It may be called concurrently.
func Marked(variable string) ([]Process, error) {
	all := inProc()
	if len(all) == 0 {
		return nil, ErrNoProc
	}
	var found []Process
	for _, p := range all {
		// A process that ended meanwhile, or that is another user's, cannot be read; a zombie has no environment.
		if p.Env = readList(p.File("environ")); slices.Contains(p.Env, variable) {
			p.Args = readList(p.File("cmdline"))
			found = append(found, p)
		}
	}
	return found, nil
}

// Left returns what Marked does as soon as that is nothing, or an error, and otherwise after the patience: for what is about to end.
// It may be called concurrently.
func Left(variable string, patience time.Duration) ([]Process, error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if found, err := Marked(variable); err != nil || len(found) == 0 || time.Now().After(deadline) {
			return found, err
		}
	}
}

// readList reads strings that end in zero bytes.
func readList(name string) []string {
	content, err := os.ReadFile(name)
	if err != nil || len(content) == 0 {
		return nil
	}
	return strings.Split(string(bytes.TrimSuffix(content, []byte{0})), "\x00")
}

// Listening returns the addresses on which the processes wait for TCP connections.
func Listening(all []Process) ([]netip.AddrPort, error) {
	sockets := map[string]bool{} // by inode
	for _, p := range all {
		links, err := filepath.Glob(p.File("fd/*"))
		if err != nil {
			return nil, err
		}
		for _, link := range links {
			target, _ := os.Readlink(link) // it may have been closed
			if inode, ok := strings.CutPrefix(target, "socket:["); ok {
				sockets[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	var found []netip.AddrPort
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		content, err := os.ReadFile(table)
		if err != nil {
			continue // a system without IPv6, for example
		}
		for line := range strings.Lines(string(content)) {
			const local, state, inode, listen = 1, 3, 9, "0A" // the headings have other words there
			fields := strings.Fields(line)
			if fields[state] != listen || !sockets[fields[inode]] {
				continue
			}
			address, err := parseAddress(fields[local])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", table, err)
			}
			found = append(found, address)
		}
	}
	return found, nil
}

// parseAddress reads an address such as 0100007F:1F90: words of four bytes, each in the machine's order, which is the
// little-endian one on all that we run on.
func parseAddress(s string) (netip.AddrPort, error) {
	words, port, _ := strings.Cut(s, ":")
	var ip []byte
	for word := range slices.Chunk([]byte(words), 8) {
		n, err := strconv.ParseUint(string(word), 16, 32)
		if err != nil {
			return netip.AddrPort{}, err
		}
		ip = append(ip, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	n, err := strconv.ParseUint(port, 16, 16)
	address, _ := netip.AddrFromSlice(ip)
	return netip.AddrPortFrom(address, uint16(n)), err
}
