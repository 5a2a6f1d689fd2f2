package notebooks_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/page"
	"tutorial/kernel-setup/page/pagetest"
)

// TestTheSiteOfTheTutorialIsGoodToRead makes the pages as the command html makes them, of the same executed copies that
// the claims are held against.
func TestTheSiteOfTheTutorialIsGoodToRead(t *testing.T) {
	t.Parallel()
	checkout := labtest.Installed(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	files, err := notebook.List(here)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := page.Pages(here, files)
	if err != nil {
		t.Fatal(err)
	}
	executed := t.TempDir()
	copies := make([]func() ([]byte, error), len(pages))
	for i, p := range pages {
		name, err := filepath.Rel(here, p.Notebook)
		if err != nil {
			t.Fatal(err)
		}
		pages[i].Executed = filepath.Join(executed, strings.ReplaceAll(filepath.ToSlash(name), "/", "-"))
		copies[i] = execution(t, filepath.ToSlash(name))
		go copies[i]() // so that they run side by side
	}
	for i, p := range pages {
		content, err := copies[i]()
		if err != nil {
			t.Error(err) // and wait for the others
			continue
		}
		if err := os.WriteFile(p.Executed, content, 0o644); err != nil {
			t.Error(err)
		}
	}
	if t.Failed() {
		return
	}
	made, err := page.Render(t.Context(), pages, checkout.Python(), checkout.Environ())
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := page.Publish(folder, made); err != nil {
		t.Fatal(err)
	}
	auditor := pagetest.New(t, pagetest.Axe(t, checkout))
	for _, fault := range auditor.Audit(folder) {
		t.Error(fault)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		content := made[p.Name]
		nb, err := notebook.Read(p.Executed)
		if err != nil {
			t.Fatal(err)
		}
		n := pagetest.Overhead(content, nb)
		t.Logf("%s: %d bytes, %d of them apart from text and figures", p.Name, len(content), n)
		if n > pagetest.MaxBytes {
			t.Errorf("%s has %d bytes apart from its text and figures; %d are allowed", p.Name, n, pagetest.MaxBytes)
		}
		for _, secret := range []string{checkout.Dir(), home + "/", os.TempDir() + "/run-", "gonb_"} {
			if strings.Contains(decoded(t, content), secret) {
				t.Errorf("%s has %s in it, which is of this machine", p.Name, secret)
			}
		}
	}
}

var base64Data = regexp.MustCompile(`;base64,([A-Za-z0-9+/=]+)`)

// decoded is a page with its drawings as text.
func decoded(t *testing.T, content string) string {
	t.Helper()
	return base64Data.ReplaceAllStringFunc(content, func(data string) string {
		b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(data, ";base64,"))
		if err != nil {
			t.Error(err)
		}
		return string(b)
	})
}
