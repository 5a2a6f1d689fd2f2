package gallery_test

import (
	"image"
	"image/gif"
	"log"
	"os"
	"path/filepath"

	"tutorial/helpers/gallery"
)

// One image that arrived, and one that did not. In a notebook both have a tile; here the table is printed.
func Example() {
	folder, err := os.MkdirTemp("", "gallery-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	file, err := os.Create(filepath.Join(folder, "dot.gif"))
	if err != nil {
		log.Fatal(err)
	}
	if err := gif.Encode(file, image.NewGray(image.Rect(0, 0, 3, 2)), nil); err != nil {
		log.Fatal(err)
	}
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}

	gallery.Show("What came down", file.Name(), filepath.Join(folder, "lost.png"))
	// Output:
	// What came down
	// 1 of 2 files are images that can be shown, 801 B in all.
	//
	// file      width  height  bytes  format
	// --------  -----  ------  -----  ------------
	// dot.gif       3       2    801  GIF
	// lost.png      –       –      0  no such file
}
