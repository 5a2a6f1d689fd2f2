// Package page holds what makes a notebook a page to read: a template for nbconvert with its configuration, so that an
// export looks the same whoever starts it, and the module that makes a site of many notebooks with it.
package page

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
)

//go:embed template
var template embed.FS

// module is the name of the Python module beside this file.
const module = "tutorial_page"

//go:embed tutorial_page.py
var python []byte

// templateName is what nbconvert knows the template by.
const templateName = "tutorial"

// configuration is for nbconvert on the command line and for the one in JupyterLab alike. Slides would otherwise take the
// template of pages.
const configuration = `{
  "HTMLExporter": {
    "template_name": "` + templateName + `",
    "filters": {
      "digest": "tutorial_page.digest"
    }
  },
  "SlidesExporter": {
    "template_name": "reveal"
  }
}
`

// Files returns what is to be installed in a Python environment, by path in it, with slashes. sitePackages is where that
// environment has its modules. Outputs name the folders of the machine that they were made on; on a page the values of
// places stand for the paths that are its keys.
func Files(sitePackages string, places map[string]string) (map[string][]byte, error) {
	files := map[string][]byte{
		path.Join(sitePackages, module+".py"):       python,
		"etc/jupyter/jupyter_nbconvert_config.json": []byte(configuration),
		"etc/jupyter/jupyter_server_config.json":    []byte(configuration),
	}
	dir := "share/jupyter/nbconvert/templates/" + templateName
	err := fs.WalkDir(template, "template", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path.Join(dir, path.Base(name))], err = template.ReadFile(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	files[path.Join(dir, "places.json")], err = json.MarshalIndent(places, "", "  ")
	return files, err
}
