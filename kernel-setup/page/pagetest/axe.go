package pagetest

import (
	_ "embed"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tutorial/kernel-setup/environment"
)

//go:embed requirements.txt
var requirements []byte

// Axe returns the source of axe-core. The first test that asks for it downloads it, at the version and with the hash in
// requirements.txt, into .venv; later ones find it there.
func Axe(tb testing.TB, checkout *environment.Checkout) string {
	tb.Helper()
	source, err := fetchAxe(checkout)
	if err != nil {
		tb.Fatal(err)
	}
	return string(source)
}

func fetchAxe(checkout *environment.Checkout) ([]byte, error) {
	h := fnv.New64a()
	h.Write(requirements)
	dir := filepath.Join(checkout.Venv(), fmt.Sprintf("axe-%x", h.Sum(nil)))
	file := filepath.Join(dir, "axe_playwright_python", "axe.min.js")
	if source, err := os.ReadFile(file); !errors.Is(err, fs.ErrNotExist) {
		return source, err
	}
	part, err := os.MkdirTemp(checkout.Venv(), ".new-axe-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(part)
	list := filepath.Join(part, "requirements.txt")
	if err := os.WriteFile(list, requirements, 0o644); err != nil {
		return nil, err
	}
	pip := exec.Command(checkout.Python(), "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
		"--no-deps", "--require-hashes", "--target", part, "-r", list)
	if out, err := pip.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("axe-core, which tests the pages, cannot be downloaded: %w\n%s", err, out)
	}
	if err := os.Rename(part, dir); err != nil && !errors.Is(err, fs.ErrExist) { // another test has been faster
		return nil, err
	}
	return os.ReadFile(file)
}
