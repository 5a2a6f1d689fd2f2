package environment

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A step makes one part of the environment.
type step struct {
	name  string   // as the user reads it; also names the stamp
	made  string   // everything that the result depends on
	parts []string // of .venv: what is removed again when it fails
	// run makes the part, and returns files and folders of it whose presence tells later that it is still whole.
	run func(context.Context) (files []string, err error)
}

func (in installer) stampFile(s step) string {
	return filepath.Join(in.stateDir(), strings.ReplaceAll(s.name, " ", "-")+".stamp")
}

// fresh reports whether s was made from what it would be made from now, and its files are all there. It reads a few
// dozen directory entries, because it runs before every command.
func (in installer) fresh(s step) bool {
	b, err := os.ReadFile(in.stampFile(s))
	if err != nil {
		return false
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if lines[0] != digest(s.made) {
		return false
	}
	for _, line := range lines[1:] {
		sized, name, _ := strings.Cut(line, " ")
		if size, err := sizeOf(filepath.Join(in.Venv(), name)); err != nil || fmt.Sprint(size) != sized {
			return false
		}
	}
	return true
}

// do runs s and leaves its stamp, also if s was fresh. If s fails it leaves nothing.
func (in installer) do(ctx context.Context, s step) error {
	stamp := in.stampFile(s)
	if err := os.Remove(stamp); err != nil && !os.IsNotExist(err) {
		return err
	}
	files, err := s.run(ctx)
	if err != nil {
		if isFull(in.Venv()) { // ensurepip fails without saying so
			err = explain(syscall.ENOSPC, err.Error())
		}
		// Whatever cannot be removed now, the next run makes anew.
		for _, part := range s.parts {
			os.RemoveAll(filepath.Join(in.Venv(), part))
		}
		return err
	}
	var b strings.Builder
	fmt.Fprintln(&b, digest(s.made))
	for _, file := range files {
		size, err := sizeOf(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(in.Venv(), file)
		if err != nil {
			return err
		}
		fmt.Fprintln(&b, size, name)
	}
	return WriteFile(stamp, []byte(b.String()))
}

// isFull reports whether the disk of a folder has no room for what a step makes.
func isFull(dir string) bool {
	var disk syscall.Statfs_t
	return syscall.Statfs(dir, &disk) == nil && uint64(disk.Bavail)*uint64(disk.Bsize) < 32<<20
}

// sizeOf is the size of a file. A folder has none that says anything: what uses it adds to it.
func sizeOf(name string) (int64, error) {
	info, err := os.Stat(name)
	if err != nil || info.IsDir() {
		return 0, err
	}
	return info.Size(), nil
}

// digest tells texts apart. (Nobody forges a stamp, and the packages of crypto would take a newcomer's first command some
// seconds to compile.)
func digest(s string) string {
	h := fnv.New128a()
	h.Write([]byte(s))
	return fmt.Sprintf("%x", h.Sum(nil))
}

// WriteFile is os.WriteFile that makes the folder too, and whose file is seen whole or not at all.
func WriteFile(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails after the rename, as it should
	if _, err := f.Write(content); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
