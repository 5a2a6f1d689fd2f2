package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A process is a running program, as /proc shows it.
type process struct {
	pid     int
	command string // its command line, on one line
}

func (p process) String() string { return fmt.Sprintf("%d %.100s", p.pid, p.command) }

// markedWith returns the processes that were started with the variable, such as "A=b", in their environment. A
// program hands its environment on, so this finds its whole family, also those whose parents are gone. It skips the test
// where there is no /proc.
func markedWith(t *testing.T, variable string) []process {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Skip("this system has no /proc to find processes in")
	}
	var found []process
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		// A process that ended meanwhile, or that is another user's, cannot be read; a zombie has no environment.
		environment, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if slices.Contains(strings.Split(string(environment), "\x00"), variable) {
			command, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
			found = append(found, process{pid, string(bytes.Join(bytes.Fields(bytes.ReplaceAll(command, []byte{0}, []byte{' '})), []byte{' '}))})
		}
	}
	return found
}

// listening returns the addresses on which the processes wait for connections.
func listening(t *testing.T, processes []process) []*net.TCPAddr {
	t.Helper()
	sockets := map[string]bool{} // by inode
	for _, p := range processes {
		links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.pid))
		for _, link := range links {
			target, _ := os.Readlink(link)
			if inode, ok := strings.CutPrefix(target, "socket:["); ok {
				sockets[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	var found []*net.TCPAddr
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		content, err := os.ReadFile(table)
		if err != nil {
			continue // a system without IPv6, for example
		}
		lines := bufio.NewScanner(bytes.NewReader(content))
		lines.Scan() // the headings
		for lines.Scan() {
			const local, state, inode, listen = 1, 3, 9, "0A"
			fields := strings.Fields(lines.Text())
			if fields[state] == listen && sockets[fields[inode]] {
				address, err := parseProcAddress(fields[local])
				if err != nil {
					t.Fatalf("%s: %v", table, err)
				}
				found = append(found, address)
			}
		}
	}
	return found
}

// parseProcAddress reads an address such as 0100007F:1F90: words of four bytes, each in the machine's order, which is
// the little-endian one on all that we run on.
func parseProcAddress(s string) (*net.TCPAddr, error) {
	words, port, _ := strings.Cut(s, ":")
	var ip net.IP
	for word := range slices.Chunk([]byte(words), 8) {
		n, err := strconv.ParseUint(string(word), 16, 32)
		if err != nil {
			return nil, err
		}
		ip = append(ip, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	n, err := strconv.ParseUint(port, 16, 16)
	return &net.TCPAddr{IP: ip, Port: int(n)}, err
}

func TestMarkedWithFindsGrandchildrenToo(t *testing.T) {
	t.Parallel()
	mark := "MARK_OF_TEST=" + rand.Text()
	shell := exec.Command("sh", "-c", "sleep 600 & echo $!; wait")
	shell.Env = append(os.Environ(), mark)
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	defer shell.Wait()
	defer syscall.Kill(-shell.Process.Pid, syscall.SIGKILL)
	var grandchild int
	if _, err := fmt.Fscan(stdout, &grandchild); err != nil {
		t.Fatal(err)
	}
	pids := map[int]bool{}
	for _, p := range markedWith(t, mark) {
		pids[p.pid] = true
	}
	if !maps.Equal(pids, map[int]bool{shell.Process.Pid: true, grandchild: true}) {
		t.Errorf("found %v; want the shell %d and its child %d", pids, shell.Process.Pid, grandchild)
	}
	if found := markedWith(t, mark+"x"); len(found) > 0 {
		t.Errorf("nobody has that mark, and %v is found", found)
	}
}

func TestListeningFindsAnOpenDoor(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", "127.0.0.1:0", "[::]:0", "[::1]:0"} {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Logf("not tried: %v", err)
			continue
		}
		defer l.Close()
		markedWith(t, "") // skips where there is no /proc
		want := l.Addr().(*net.TCPAddr)
		if got := listening(t, []process{{pid: os.Getpid()}}); !slices.ContainsFunc(got, func(a *net.TCPAddr) bool {
			return a.Port == want.Port && a.IP.Equal(want.IP)
		}) {
			t.Errorf("%v is not among %v", want, got)
		}
	}
}
