package environment

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// KernelName is the name that notebooks ask for, and that GoNB itself installs under.
const KernelName = "gonb"

// kernelPart is the folder of .venv that holds the kernelspec.
const kernelPart = "share/jupyter/kernels/" + KernelName

// cellGoFlags is GOFLAGS for cells. Linking dominates the latency of a cell, and symbol tables are the largest part of
// linking. The tags keep cgo out of package net, which gonbui imports: with cgo in, the runtime's deadlock detector is
// silent and a deadlocked cell hangs for ever. (CGO_ENABLED=0 would keep it out too, but it forbids -race.) There are no
// flags for the compiler, so that what `go run` has compiled of the standard library serves cells too.
const cellGoFlags = "'-ldflags=-s -w' -tags=netgo,osusergo"

// prefixGoFlags are those of cells that fill the caches of a prefix. They are removed with it, and serve cells alone, so they
// go without debug information.
const prefixGoFlags = "-modcacherw -gcflags=all=-dwarf=false " + cellGoFlags

// kernelSpec is the content of a kernel.json, see https://jupyter-client.readthedocs.io/en/stable/kernels.html.
type kernelSpec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
	Metadata      map[string]string `json:"metadata"`
}

// kernelSpecJSON returns the kernel.json for cells of this checkout. The folders of path follow those of the tutorial
// on the kernel's PATH; Jupyter puts its own PATH for ${PATH}.
func (c *Checkout) kernelSpecJSON(path string) ([]byte, error) {
	sums, err := os.ReadFile(filepath.Join(c.dir, "go.sum"))
	if err != nil {
		return nil, err
	}
	spec := kernelSpec{
		Argv: []string{
			filepath.Join(c.ToolDir(), "front"), "{connection_file}", filepath.Join(c.ToolDir(), "gonb"),
			// A relative path would be taken from the kernel's temporary folder.
			"-go_work=" + c.workspaceModule(),
			// What concerns the learner is in the cell's output; the kernel's log would only fill the terminal.
			"-logtostderr=false", "-log_file=" + os.DevNull, "-stderrthreshold=FATAL",
		},
		DisplayName:   "Go (gonb)",
		Language:      "go",
		InterruptMode: "message",
		Env: map[string]string{
			"PATH":    c.kernelPath(path, c.EditorToolDir()),
			"GOPROXY": c.goProxy(),
			// The module of a cell has no go.sum, and without these Go asks the checksum database, over the network. Set-up
			// has checked them against ours.
			"GONOSUMDB": strings.TrimSuffix(strings.Join(append(modulesOf(sums), c.goEnv.GONOSUMDB), ","), ","),
			"GOFLAGS":   cellGoFlags,
			// A user's own settings of these would keep the kernel from its go.work.
			"GOWORK":      "",
			"GO111MODULE": "",
			// A -race cell waits a second at its end by default, for reports of other goroutines.
			"GORACE": "atexit_sleep_ms=0",
			// Python cells print through a buffer: without one, the lines of several threads run into each other.
			"PYTHONUNBUFFERED": "",
		},
		Metadata: map[string]string{"tutorial": c.Venv()},
	}
	if c.prefix != "" {
		spec.Env["GOMODCACHE"] = c.goEnv.GOMODCACHE
		spec.Env["GOFLAGS"] = prefixGoFlags
	}
	b, err := json.MarshalIndent(spec, "", "  ")
	return append(b, '\n'), err
}

// modulesOf returns the modules that a go.sum has checksums for, each once.
func modulesOf(sums []byte) []string {
	var modules []string
	for line := range strings.Lines(string(sums)) {
		if module, _, ok := strings.Cut(line, " "); ok {
			modules = append(modules, module)
		}
	}
	slices.Sort(modules)
	return slices.Compact(modules)
}

// kernelPath is the PATH of a kernel: the tutorial's own programs, and then path.
func (c *Checkout) kernelPath(path string, more ...string) string {
	dirs := append([]string{filepath.Join(c.Venv(), "bin"), c.ToolDir(), filepath.Join(c.goEnv.GOROOT, "bin")}, more...)
	return strings.Join(append(dirs, path), string(filepath.ListSeparator))
}

// HeadlessPath is the PATH of a kernel that nobody types in: it goes without the tutorial's gopls. One that the user has on
// the PATH is still started.
func (c *Checkout) HeadlessPath() string { return c.kernelPath(os.Getenv("PATH")) }

// goProxy puts the module cache before the user's own GOPROXY. GoNB runs `go get` before each build: with the local
// cache first, a cell that imports what go.mod names builds without a network, and a new package still downloads.
func (c *Checkout) goProxy() string { return goProxy(c.goEnv.goCaches, c.goEnv.GOPROXY) }

func goProxy(caches goCaches, more string) string {
	if more == "" {
		return caches.asGoProxy()
	}
	return caches.asGoProxy() + "," + more
}

// LocalGoProxy is the module cache as a GOPROXY: all that a cell gets with it, it gets without a network.
func (c *Checkout) LocalGoProxy() string { return c.goEnv.asGoProxy() }

func (caches goCaches) asGoProxy() string {
	local := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(caches.GOMODCACHE, "cache", "download"))}
	// Go splits the list at these two before it reads the URLs.
	return strings.NewReplacer(",", "%2C", "|", "%7C").Replace(local.String())
}

// FirstNotebook is where readers begin, by its name in the checkout, with slashes.
const FirstNotebook = "notebooks/00_start_here.ipynb"

// labConfig is Python source that a Jupyter server reads in the environment of Environ: what lab starts, and not the one in
// the image or in a class. The command line goes before it.
func (c *Checkout) labConfig() ([]byte, error) {
	dir, err := json.Marshal(c.dir) // which Python reads as Go does
	return fmt.Appendf(nil, `c.Application.log_level = "WARN"
c.ServerApp.ip = "127.0.0.1"
# Root is not refused: in a container there is often nobody else, and only this machine can connect.
c.ServerApp.allow_root = True
c.ServerApp.root_dir = %s
c.LabApp.default_url = "/lab/tree/%s"
`, dir, FirstNotebook), err
}

// jupyterConfig is read by JupyterLab. It asks a network for nothing: by default it asks for news, for newer versions, and for
// a list of extensions. A new notebook gets the Go kernel, and the file browser shows learners what is for them: the notebooks,
// without their tests. It looks for no language servers, for which it would ask npm: GoNB has its own.
const jupyterConfig = `{
  "LabApp": {
    "news_url": null,
    "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "extension_manager": "readonly"
  },
  "LanguageServerManager": {
    "autodetect": false
  },
  "MultiKernelManager": {
    "default_kernel_name": "` + KernelName + `"
  },
  "ContentsManager": {
    "hide_globs": ["__pycache__", "*.pyc", "*.pyo", ".DS_Store", "*~", "*_test.go", "testdata"]
  }
}
`

// serverConfig is Python source that a Jupyter server reads.
//
//go:embed server_config.py
var serverConfig string

// These two are an extension of JupyterLab that shows each cell in the colours of its language.
//
//go:embed labextension/package.json
var extensionPackage string

//go:embed labextension/remoteEntry.js
var extensionScript string

// labPageConfig keeps JupyterLab's question about news from opening over the first notebook. It has lockedExtensions
// because JupyterLab rewrites a file that has none. The Go kernel has no debugger, and JupyterLab would offer to start it when one
// clicks on the name of a file in an error.
const labPageConfig = `{
  "disabledExtensions": {
    "@jupyterlab/apputils-extension:announcements": true,
    "@jupyterlab/debugger-extension": true
  },
  "lockedExtensions": {
    "@jupyterlab/apputils-extension:announcements": true
  }
}
`
