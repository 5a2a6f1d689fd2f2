package processes_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"tutorial/kernel-setup/processes"
)

// marked returns the processes with the mark. It skips the test where there is no /proc.
func marked(t *testing.T, mark string) []processes.Process {
	t.Helper()
	found, err := processes.Marked(mark)
	if errors.Is(err, processes.ErrNoProc) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestMarkedFindsGrandchildrenToo(t *testing.T) {
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
	want := map[int]bool{shell.Process.Pid: true, grandchild: true}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		pids := map[int]bool{}
		for _, p := range marked(t, mark) {
			pids[p.PID] = true
		}
		if maps.Equal(pids, want) { // the child may just be becoming sleep
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("found %v; want the shell %d and its child %d", pids, shell.Process.Pid, grandchild)
		}
	}
	if found := marked(t, mark+"x"); len(found) > 0 {
		t.Errorf("nobody has that mark, and %v is found", found)
	}
}

func TestListeningFindsAnOpenDoor(t *testing.T) {
	t.Parallel()
	marked(t, "") // skips where there is no /proc
	for _, address := range []string{"0.0.0.0:0", "127.0.0.1:0", "127.2.3.4:0", "[::]:0", "[::1]:0"} {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Logf("not tried: %v", err)
			continue
		}
		defer l.Close()
		want := l.Addr().(*net.TCPAddr).AddrPort()
		want = netip.AddrPortFrom(want.Addr().Unmap(), want.Port())
		got, err := processes.Listening([]processes.Process{{PID: os.Getpid()}})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(got, want) {
			t.Errorf("%v is not among %v", want, got)
		}
	}
}
