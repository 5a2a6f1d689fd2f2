// Package notebook reads Jupyter notebooks, format 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html.
package notebook

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// A Notebook is the content of an .ipynb file, as far as the tutorial needs it.
type Notebook struct {
	Cells    []Cell `json:"cells"`
	Metadata struct {
		Kernelspec struct {
			Name        string `json:"name"`
			DisplayName string `json:"display_name"`
			Language    string `json:"language"`
		} `json:"kernelspec"`
		LanguageInfo map[string]any `json:"language_info,omitempty"`
	} `json:"metadata"`
	Format      int `json:"nbformat"`
	FormatMinor int `json:"nbformat_minor"`
}

// A Cell is one cell; outputs only ever belong to code.
type Cell struct {
	ID       string `json:"id"`
	Type     string `json:"cell_type"` // "code", "markdown" or "raw"
	Source   Text   `json:"source"`
	Metadata struct {
		Tags       []string `json:"tags,omitempty"`
		Introduces []string `json:"introduces,omitempty"` // the constructs that the cell brings for the first time
		Failure    string   `json:"failure,omitempty"`    // of an executed copy: what package execute noted when it kept going
	} `json:"metadata"`
	ExecutionCount *int     `json:"execution_count"`
	Outputs        []Output `json:"outputs"`
}

// MustFail reports whether the cell is there to show a failure.
func (c Cell) MustFail() bool { return slices.Contains(c.Metadata.Tags, "raises-exception") }

// Runs reports whether a code cell is there to run: it has code, and no tag skip-execution.
func (c Cell) Runs() bool {
	return strings.TrimSpace(string(c.Source)) != "" && !slices.Contains(c.Metadata.Tags, "skip-execution")
}

// An Output is one output of a cell.
type Output struct {
	Type      string          `json:"output_type"` // "stream", "display_data", "execute_result" or "error"
	Name      string          `json:"name"`        // of a stream: "stdout" or "stderr"
	Text      Text            `json:"text"`        // of a stream
	Data      map[string]Text `json:"data"`        // of a display, by MIME type
	ErrorName string          `json:"ename"`
	Error     string          `json:"evalue"`
}

// Text is a string that the format stores as one string or as a list of lines. Anything else, such as the object of a
// JSON MIME type, is kept as its JSON text.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = Text(s)
		return nil
	}
	var lines []string
	if json.Unmarshal(b, &lines) == nil {
		*t = Text(strings.Join(lines, ""))
		return nil
	}
	*t = Text(b)
	return nil
}

// Read reads a notebook. Its errors name the file and say what is the matter with it.
func Read(name string) (*Notebook, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no notebook %s; check the name", name)
	}
	if errors.Is(err, syscall.EISDIR) {
		return nil, fmt.Errorf("%s is a folder; name the notebooks in it, as in %s", name, filepath.Join(name, "*.ipynb"))
	}
	if err != nil {
		return nil, err
	}
	return Parse(name, b)
}

// Parse reads a notebook from the content of the file name.
func Parse(name string, content []byte) (*Notebook, error) {
	content = TrimMark(content)
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return nil, fmt.Errorf("%s is in UTF-16, and a notebook is in UTF-8; save it as UTF-8 in an editor", name)
	}
	if !json.Valid(content) {
		return nil, fmt.Errorf("%s is not a notebook, for it is not JSON; if it was one, restore it with git checkout", name)
	}
	var format struct {
		Number int `json:"nbformat"` // other formats have other cells, or keep them elsewhere
	}
	var nb Notebook
	foreign := json.Unmarshal(content, &format) != nil || format.Number == 0
	switch {
	case !foreign && format.Number < 4:
		return nil, fmt.Errorf("%s is in notebook format %d, and format 4 is needed; open and save it in JupyterLab", name, format.Number)
	case !foreign && format.Number > 4:
		return nil, fmt.Errorf("%s is in notebook format %d, and this program reads format 4; look for a newer version of the tutorial", name, format.Number)
	case foreign || json.Unmarshal(content, &nb) != nil || nb.Cells == nil:
		return nil, fmt.Errorf("%s is JSON, but not a notebook; give the name of an .ipynb file", name)
	}
	return &nb, nil
}

// TrimMark returns a file's content without the byte order mark that some editors on Windows put before it.
func TrimMark(content []byte) []byte { return bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")) }

// Code returns the code cells.
func (nb *Notebook) Code() []Cell {
	return slices.DeleteFunc(slices.Clone(nb.Cells), func(c Cell) bool { return c.Type != "code" })
}

// ForKernel fails if the notebook is written for another kernel than the named one.
func (nb *Notebook) ForKernel(name, kernel string) error {
	switch got := nb.Metadata.Kernelspec.Name; got {
	case kernel:
		return nil
	case "":
		return fmt.Errorf("%s names no kernel; open it in JupyterLab, choose the kernel Go (gonb), and save it", name)
	default:
		return fmt.Errorf("%s is for the kernel %q, and the tutorial runs notebooks for %q; open it in JupyterLab and choose the kernel Go (gonb)", name, got, kernel)
	}
}

// Stream returns what the cell wrote to "stdout" or "stderr".
func (c Cell) Stream(name string) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		if o.Type == "stream" && o.Name == name {
			b.WriteString(string(o.Text))
		}
	}
	return b.String()
}

// CodeCell returns a cell that has not run, without an id.
func CodeCell(source string, tags ...string) Cell {
	c := Cell{Type: "code", Source: Text(source), Outputs: []Output{}}
	c.Metadata.Tags = tags
	return c
}

// New returns the file of a notebook for the named kernel. Cells without an id get one.
func New(kernel string, cells ...Cell) ([]byte, error) {
	nb := Notebook{Cells: append([]Cell{}, cells...), Format: 4, FormatMinor: 5}
	spec := &nb.Metadata.Kernelspec
	spec.Name, spec.DisplayName, spec.Language = kernel, "Go (gonb)", "go"
	for i := range nb.Cells {
		nb.Cells[i].ID = cmp.Or(nb.Cells[i].ID, fmt.Sprint("cell-", i))
	}
	return json.Marshal(nb)
}
