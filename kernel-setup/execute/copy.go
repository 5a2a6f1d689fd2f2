package execute

import (
	"bytes"
	"encoding/json"
	"os"

	"tutorial/kernel-setup/environment"
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
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(nb); err != nil {
		return err
	}
	return environment.WriteFile(order.Copy, b.Bytes())
}
