package imageserver_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"tutorial/helpers/figure/figuretest"
	"tutorial/helpers/imageserver"
)

// Fourteen images have every style in every size. The pixels are compared, since an encoder may change.
const kinds = 14

func TestImagesNeverChange(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for i := range kinds {
		m := imageserver.Picture(i)
		fmt.Fprintf(&got, "%d %dx%d %x\n", i, m.Rect.Dx(), m.Rect.Dy(), sha256.Sum256(slices.Concat(m.Pix, fmt.Append(nil, m.Palette))))
	}
	figuretest.Golden(t, "pixels.golden", got.String())
}

func TestImagesAreWhatTheirNamesSay(t *testing.T) {
	t.Parallel()
	const most = 60_000
	seen := make(map[string]string)
	for i := range kinds {
		for extension, format := range map[string]string{"png": "png", "jpg": "jpeg"} {
			name := fmt.Sprint(i, ".", extension)
			data := imageserver.Encoded(i, extension)
			m, got, err := image.Decode(bytes.NewReader(data))
			if err != nil || got != format || m.Bounds() != imageserver.Picture(i).Rect {
				t.Fatalf("%s is %s, %v", name, got, err)
			}
			if len(data) > most {
				t.Errorf("%s has %d bytes, more than %d", name, len(data), most)
			}
			if other, ok := seen[string(data)]; ok {
				t.Errorf("%s is the same as %s", name, other)
			}
			seen[string(data)] = name
			if !isImage(data) || isImage(data[:len(data)-1]) {
				t.Errorf("the check of these tests for a whole image is wrong about %s", name)
			}
		}
	}
}
