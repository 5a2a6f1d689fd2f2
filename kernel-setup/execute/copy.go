package execute

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"

	"tutorial/kernel-setup/notebook"
)

// writeCopy writes the executed copy, whole or not at all. What the notebook has beside outputs stays as it is.
func writeCopy(order Order, o outcome) error {
	content, err := os.ReadFile(order.Notebook)
	if err != nil {
		return err
	}
	var nb map[string]any
	decoder := json.NewDecoder(bytes.NewReader(notebook.TrimMark(content)))
	decoder.UseNumber()
	if err := decoder.Decode(&nb); err != nil {
		return err
	}
	cells, _ := nb["cells"].([]any)
	i := 0
	for _, c := range cells {
		if cell, ok := c.(map[string]any); ok && cell["cell_type"] == "code" && i < len(o.outputs) {
			cell["outputs"], cell["execution_count"] = append([]json.RawMessage{}, o.outputs[i]...), o.counts[i]
			if metadata, ok := cell["metadata"].(map[string]any); ok && o.failures[i] != "" {
				metadata["failure"] = o.failures[i]
			}
			i++
		}
	}
	if metadata, ok := nb["metadata"].(map[string]any); ok {
		// The format wants a name to show, and notebooks made by hand may have none.
		if spec, ok := metadata["kernelspec"].(map[string]any); ok && spec["display_name"] == nil {
			spec["display_name"] = spec["name"]
		}
		metadata["kernel_folders"] = o.folders
		metadata["language_info"] = o.language
	}
	part, err := os.CreateTemp(filepath.Dir(order.Copy), ".new-*.ipynb")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // fails after the rename, as it should
	defer part.Close()
	if err := part.Chmod(0o644); err != nil {
		return err
	}
	encoder := json.NewEncoder(part)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(nb); err != nil {
		return err
	}
	if err := part.Close(); err != nil {
		return err
	}
	return os.Rename(part.Name(), order.Copy)
}
