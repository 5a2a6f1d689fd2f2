package gallery_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"tutorial/helpers/figure"
	"tutorial/helpers/figure/figuretest"
	"tutorial/helpers/gallery"
)

// plain returns an image of one colour.
func plain(width, height int, c color.Color) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, c)
		}
	}
	return m
}

var teal = color.NRGBA{11, 122, 117, 255}

func encode(t *testing.T, format string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpg":
		err = jpeg.Encode(&b, m, nil)
	case "gif":
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// write makes files in a folder of the test and returns their paths in the order of the names.
func write(t *testing.T, files map[string][]byte) (folder string, paths []string) {
	t.Helper()
	folder = t.TempDir()
	for name, data := range files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return folder, paths
}

// bomb is the header of a PNG that would fill the memory.
func bomb() []byte {
	ihdr := append([]byte("IHDR"), 0, 1, 0, 0, 0, 1, 0, 0, 8, 6, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	b = append(b, ihdr...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(ihdr))
}

func TestEachFileHasItsTileAndItsNumbers(t *testing.T) {
	t.Parallel()
	whole := encode(t, "png", plain(300, 200, teal))
	folder, paths := write(t, map[string][]byte{
		"a.png":  whole,
		"b.jpg":  encode(t, "jpg", plain(120, 480, teal)),
		"c.gif":  encode(t, "gif", plain(1, 1, teal)),
		"d.png":  whole[:len(whole)/2],
		"e.jpg":  []byte("<!doctype html><title>Please sign in</title>"),
		"f.png":  {},
		"g.png":  bomb(),
		"h<&.md": []byte(strings.Repeat("text ", 500)),
	})
	if err := os.Mkdir(filepath.Join(folder, "i"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "k"), 0o600); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(folder, "l.png")
	if err := errors.Join(os.WriteFile(large, whole, 0o600), os.Truncate(large, 64<<20+1)); err != nil {
		t.Fatal(err)
	}
	f := gallery.Figure("What came down", append(paths, filepath.Join(folder, "i"), filepath.Join(folder, "j.png"), filepath.Join(folder, "k"),
		large, filepath.Join(large, "m.png"))...)

	size := func(i int) string {
		info, err := os.Stat(paths[i])
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(info.Size())
	}
	want := [][]string{
		{"a.png", "300", "200", size(0), "PNG"},
		{"b.jpg", "120", "480", size(1), "JPEG"},
		{"c.gif", "1", "1", size(2), "GIF"},
		{"d.png", "–", "–", size(3), "a damaged or incomplete image"},
		{"e.jpg", "–", "–", "44", "not an image"},
		{"f.png", "–", "–", "0", "empty"},
		{"g.png", "–", "–", "33", "too many pixels to show here"},
		{"h<&.md", "–", "–", "2500", "not an image"},
		{"i", "–", "–", "0", "not a file"},
		{"j.png", "–", "–", "0", "no such file"},
		{"k", "–", "–", "0", "not a file"},
		{"l.png", "–", "–", "67108865", "too large a file to show here"},
		{"m.png", "–", "–", "0", "cannot be read"},
	}
	if !slices.EqualFunc(f.Table.Rows, want, slices.Equal) {
		t.Errorf("the table is\n%v\nwant\n%v", f.Table.Rows, want)
	}
	for _, part := range []string{
		"What came down. 3 of 13 files are images that can be shown, ", `"a.png": 300 × 200, `, `"b.jpg": 120 × 480, `,
		`"d.png": a damaged or incomplete image, `, `"e.jpg": not an image, 44 B.`, `"h<&.md": not an image, 2.4 KB.`, `"j.png": no such file.`,
	} {
		if !strings.Contains(f.Alt, part) {
			t.Errorf("no %q in the alternative text:\n%s", part, f.Alt)
		}
	}
	if got := len(copies(t, f)); got != 3 {
		t.Errorf("%d small copies, want 3", got)
	}
	for _, text := range []string{"a damaged or", "not an image", "no such file", "300 × 200, ", "h&lt;&amp;.md"} {
		if !strings.Contains(f.SVG, text) {
			t.Errorf("no %q in the drawing", text)
		}
	}
}

var embedded = regexp.MustCompile(`<image [^>]* href="data:image/jpeg;base64,([^"]*)"/>`)

// copies decodes the small copies in a figure, and sees to it that the drawing is harmless.
func copies(t *testing.T, f figure.Figure) []image.Image {
	t.Helper()
	if err := figuretest.HarmfulSVG(f.SVG); err != nil {
		t.Errorf("the drawing holds %v", err)
	}
	var all []image.Image
	for _, match := range embedded.FindAllStringSubmatch(f.SVG, -1) {
		data, err := base64.StdEncoding.DecodeString(match[1])
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func TestLargeAndLongImagesBecomeSmallCopies(t *testing.T) {
	t.Parallel()
	const most = 240
	noise := image.NewNRGBA(image.Rect(0, 0, 2000, 1500)) // what compresses worst
	state := uint32(1)
	for i := range noise.Pix {
		state = state*1664525 + 1013904223
		noise.Pix[i] = byte(state >> 24)
	}
	_, paths := write(t, map[string][]byte{
		"a.jpg": encode(t, "jpg", noise),
		"b.png": encode(t, "png", plain(1, 3000, teal)),
		"c.png": encode(t, "png", plain(3000, 1, teal)),
		"d.png": encode(t, "png", plain(10, 10, teal)),
	})
	f := gallery.Figure("Sizes", paths...)
	grey, all := 0, copies(t, f)
	b := all[0].Bounds()
	for i := range b.Dx() * b.Dy() {
		if y := color.GrayModel.Convert(all[0].At(i%b.Dx(), i/b.Dx())).(color.Gray).Y; y > 40 && y < 88 {
			grey++
		}
	}
	if n := b.Dx() * b.Dy(); grey < n*85/100 {
		t.Errorf("only %d of %d pixels of the noise are near its mean, 64", grey, n)
	}
	for i, m := range all {
		if b := m.Bounds(); b.Dx() < 1 || b.Dy() < 1 || b.Dx() > most || b.Dy() > most || i == 3 && b.Dx() != 10 {
			t.Errorf("copy %d is %v", i, b)
		}
	}
	if len(f.HTML()) > 120_000 {
		t.Errorf("the figure has %d bytes", len(f.HTML()))
	}
}

func TestSmallCopiesKeepTheColours(t *testing.T) {
	t.Parallel()
	left := image.NewNRGBA(image.Rect(0, 0, 800, 800)) // white left, transparent right: both are shown white; then a red half
	for y := range 800 {
		for x := range 400 {
			left.Set(x, y, color.NRGBA{255, 255, 255, 255})
		}
	}
	red := plain(800, 800, color.NRGBA{200, 30, 30, 255}).(*image.NRGBA)
	for y := range 800 {
		for x := range 400 {
			red.Set(x, y, color.NRGBA{0, 0, 0, 255})
		}
	}
	_, paths := write(t, map[string][]byte{"a.png": encode(t, "png", left), "b.png": encode(t, "png", red)})
	all := copies(t, gallery.Figure("Colours", paths...))
	near := func(m image.Image, where float64, want color.NRGBA) {
		t.Helper()
		b := m.Bounds()
		r, g, bl, _ := m.At(int(float64(b.Dx())*where), b.Dy()/2).RGBA()
		for i, d := range []int{int(r>>8) - int(want.R), int(g>>8) - int(want.G), int(bl>>8) - int(want.B)} {
			if max(d, -d) > 12 {
				t.Errorf("channel %d at %v is off by %d", i, where, d)
			}
		}
	}
	near(all[0], 0.25, color.NRGBA{255, 255, 255, 255})
	near(all[0], 0.75, color.NRGBA{255, 255, 255, 255})
	near(all[1], 0.25, color.NRGBA{0, 0, 0, 255})
	near(all[1], 0.75, color.NRGBA{200, 30, 30, 255})
}

// The numbers are settled, so that what an encoder makes of a picture is no part of the golden drawing.
func TestSevenFilesAreDrawnAsBefore(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"f.png": []byte("no image"), "g.png": {}}
	for i, name := range []string{"a.png", "b.png", "c.png", "d.png", "e.png"} {
		files[name] = encode(t, "png", plain(40*(i+1), 100, teal))
	}
	_, paths := write(t, files)
	f := gallery.Figure("What came down", paths...)
	figuretest.Check(t, f)
	figuretest.Golden(t, "seven.svg", regexp.MustCompile(`base64,[^"]*`).ReplaceAllString(regexp.MustCompile(`\d+ B`).ReplaceAllString(f.SVG, "n B"), "base64,"))
}

func TestTheSentenceCounts(t *testing.T) {
	t.Parallel()
	good := encode(t, "png", plain(4, 4, teal))
	_, paths := write(t, map[string][]byte{"a.png": good, "b.png": good, "c.png": []byte("?")})
	for _, test := range []struct {
		files []string
		want  string
	}{
		{nil, "No files."},
		{paths[:1], fmt.Sprintf("1 image, %d B.", len(good))},
		{paths[:2], fmt.Sprintf("2 images, %d B.", 2*len(good))},
		{paths, fmt.Sprintf("2 of 3 files are images that can be shown, %d B in all.", 2*len(good)+1)},
		{paths[2:], "1 file, which is no image that can be shown."},
	} {
		if got := gallery.Figure("t", test.files...).Caption; got != test.want {
			t.Errorf("%d files: %q, want %q", len(test.files), got, test.want)
		}
	}
}
