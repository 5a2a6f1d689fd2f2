// Package gallery shows image files as one figure, a contact sheet: what was downloaded, and what was not.
//
//	gallery.Show("What came down", files...)
//
// A file that is missing, cut short or no image has a tile that says so, as it is what a lesson about errors has to show; it is
// not an error. The tiles are small copies, so photographs of many megapixels do not end up in the notebook.
package gallery

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // reads GIF too
	"image/jpeg"
	_ "image/png" // and PNG
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tutorial/helpers/display"
	"tutorial/helpers/figure"
)

// Limits that keep a file from filling the memory. Beyond them a tile says so.
const (
	maxBytes  = 64 << 20
	maxPixels = 64 << 20
)

// Show displays the files as [Figure] draws them. Outside a notebook it prints the table.
func Show(title string, files ...string) { display.Show(Figure(title, files...)) }

// picture is what is known of one file.
type picture struct {
	name    string
	bytes   int
	format  string // "" if it is no image
	size    image.Point
	thumb   *image.RGBA // nil if it cannot be shown
	problem string      // why not, in a few words
}

// The layout, in pixels.
const (
	columns = 5
	gap     = 12.0
	tile    = (figure.Width - 2*figure.Margin - (columns-1)*gap) / columns // side of the square that a picture is fitted into
	caption = 40.0                                                         // below a tile
	density = 1.5                                                          // pixels of a small copy for each pixel of the figure, as screens have more today
)

// Figure reads the files and draws them in the given order, five in a row, each with its name, dimensions and size. It reads
// PNG, JPEG and GIF. The table has the numbers, the alternative text names each file.
func Figure(title string, files ...string) figure.Figure {
	pictures := make([]picture, len(files))
	for i, file := range files {
		pictures[i] = read(file)
	}
	f := figure.Figure{
		Title:   title,
		Caption: sentence(pictures),
		Table:   figure.Table{Header: []string{"file", "width", "height", "bytes", "format"}},
	}
	c, top := figure.NewCanvas(title, "small copies; below each its name, width × height in pixels, size of the file")
	alt := []string{title + ". " + f.Caption}
	for i, p := range pictures {
		x := figure.Margin + float64(i%columns)*(tile+gap)
		y := top + float64(i/columns)*(tile+caption+gap)
		name := strconv.Quote(p.name)
		if p.thumb != nil {
			p.draw(c, x, y)
			f.Table.Rows = append(f.Table.Rows, []string{p.name, strconv.Itoa(p.size.X), strconv.Itoa(p.size.Y), strconv.Itoa(p.bytes), p.format})
			alt = append(alt, fmt.Sprintf("%s: %s, %s.", name, p.dimensions(), figure.Bytes(float64(p.bytes))))
			c.Text(x, y+tile+33, figure.Small, figure.Start, p.dimensions()+", "+figure.Bytes(float64(p.bytes)))
		} else {
			broken(c, x, y, p.problem)
			f.Table.Rows = append(f.Table.Rows, []string{p.name, "–", "–", strconv.Itoa(p.bytes), p.problem})
			text := p.problem
			if p.bytes > 0 {
				text += ", " + figure.Bytes(float64(p.bytes))
				c.Text(x, y+tile+33, figure.Small, figure.Start, figure.Bytes(float64(p.bytes)))
			}
			alt = append(alt, fmt.Sprintf("%s: %s.", name, text))
		}
		c.Text(x, y+tile+17, figure.Body, figure.Start, figure.Truncate(figure.Body, p.name, tile))
	}
	f.Alt = strings.Join(alt, " ")
	f.SVG = c.SVG()
	return f
}

func (p picture) dimensions() string { return fmt.Sprintf("%d × %d", p.size.X, p.size.Y) }

// draw writes the small copy, fitted into the tile and standing on its lower edge, where the name is.
func (p picture) draw(c *figure.Canvas, x, y float64) {
	w, h := fit(p.size, tile)
	var data bytes.Buffer
	jpeg.Encode(&data, p.thumb, &jpeg.Options{Quality: 80}) // A buffer takes every write.
	c.Image(x, y+tile-h, w, h, "image/jpeg", data.Bytes())
}

// broken draws the tile of a file that shows nothing: a torn outline and the reason.
func broken(c *figure.Canvas, x, y float64, problem string) {
	const side = tile
	outline := new(figure.Path).MoveTo(x, y).LineTo(x+side, y).LineTo(x+side, y+side).LineTo(x, y+side).Close()
	c.Path(outline, figure.Paint{}, figure.Stroke{Color: figure.Lock, Width: 1.5, Dash: "6 4"})
	crack := new(figure.Path).MoveTo(x+0.3*side, y+0.38*side)
	for i, dy := range []float64{0.28, 0.4, 0.26, 0.38} {
		crack.LineTo(x+side*(0.4+0.1*float64(i)), y+side*dy)
	}
	c.Path(crack, figure.Paint{}, figure.Stroke{Color: figure.Lock, Width: 3})
	line := y + 0.56*side
	for _, text := range wrap(problem, side-16) {
		c.Text(x+side/2, line, figure.Body, figure.Middle, text)
		line += 18
	}
}

// wrap breaks a few words into lines of at most width pixels.
func wrap(s string, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && figure.TextWidth(figure.Body, line+" "+word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// read looks at one file. It never fails: what is wrong becomes the picture's problem.
func read(file string) picture {
	p := picture{name: filepath.Base(file)}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.problem = "no such file"
		return p
	case err == nil && !info.Mode().IsRegular(): // a pipe, for one, for which reading would wait
		p.problem = "not a file"
		return p
	case err == nil && info.Size() > maxBytes:
		p.bytes, p.problem = int(info.Size()), "too large a file to show here"
		return p
	}
	data, err := os.ReadFile(file)
	if err != nil {
		p.problem = "cannot be read"
		return p
	}
	p.bytes = len(data)
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case len(data) == 0:
		p.problem = "empty"
		return p
	case err != nil || config.Width < 1 || config.Height < 1:
		p.problem = "not an image"
		return p
	case config.Width > maxPixels/config.Height:
		p.problem = "too many pixels to show here"
		return p
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		p.problem = "a damaged or incomplete image"
		return p
	}
	p.format, p.size = strings.ToUpper(format), image.Pt(config.Width, config.Height)
	p.thumb = reduce(m)
	return p
}

// fit returns the size of a picture that just fits into a square; one that is very long stays visible.
func fit(size image.Point, side float64) (w, h float64) {
	scale := side / float64(max(size.X, size.Y))
	return max(1, float64(size.X)*scale), max(1, float64(size.Y)*scale)
}

// samples is how many pixels in each direction are looked at for one of the small copy, about: more would cost seconds for a
// large photograph and show nothing new.
const samples = 4

// reduce returns a copy of at most the tile's size. Each of its pixels is the mean of those that it stands for. What is
// transparent becomes white, as JPEG has no transparency.
func reduce(m image.Image) *image.RGBA {
	from := m.Bounds()
	w, h := fit(from.Size(), tile*density)
	width, height := min(from.Dx(), int(math.Ceil(w))), min(from.Dy(), int(math.Ceil(h)))
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		y0, y1 := from.Min.Y+y*from.Dy()/height, from.Min.Y+(y+1)*from.Dy()/height
		for x := range width {
			x0, x1 := from.Min.X+x*from.Dx()/width, from.Min.X+(x+1)*from.Dx()/width
			var r, g, b, n uint64
			for v := y0; v < y1; v += max(1, (y1-y0)/samples) {
				for u := x0; u < x1; u += max(1, (x1-x0)/samples) {
					pr, pg, pb, pa := m.At(u, v).RGBA()
					white := uint64(0xffff - pa)
					r, g, b, n = r+uint64(pr)+white, g+uint64(pg)+white, b+uint64(pb)+white, n+1
				}
			}
			out.SetRGBA(x, y, color.RGBA{uint8(r / n >> 8), uint8(g / n >> 8), uint8(b / n >> 8), 255})
		}
	}
	return out
}

// sentence says what there is to see.
func sentence(pictures []picture) string {
	shown, total := 0, 0
	for _, p := range pictures {
		total += p.bytes
		if p.thumb != nil {
			shown++
		}
	}
	switch n := len(pictures); {
	case n == 0:
		return "No files."
	case n == 1 && shown == 1:
		return "1 image, " + figure.Bytes(float64(total)) + "."
	case shown == n:
		return fmt.Sprintf("%d images, %s.", n, figure.Bytes(float64(total)))
	case n == 1:
		return "1 file, which is no image that can be shown."
	default:
		return fmt.Sprintf("%d of %d files are images that can be shown, %s in all.", shown, n, figure.Bytes(float64(total)))
	}
}
