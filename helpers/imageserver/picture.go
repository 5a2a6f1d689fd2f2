package imageserver

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"sync"
)

// The pictures are drawn rather than stored: they cost no room in the repository, nobody else has rights in them, and there
// are as many as a chapter needs. Each is determined by its number alone.

// Images is how many different images there are; their numbers are 0 to Images-1.
const Images = 500

// format is the encoding of an image; its value is the extension in the URL.
type format string

const (
	png8 format = "png"
	jpg  format = "jpg"
)

// naturalFormat is the format in which [Server.URLs] lists an image: every other one is a JPEG.
func naturalFormat(number int) format {
	if number%2 == 1 {
		return jpg
	}
	return png8
}

type encoding struct {
	number int
	format format
}

// encodings holds a function for each image that was asked for. All servers of a process share it, as the images are the
// same everywhere.
var encodings sync.Map // encoding → func() []byte

// encoded returns the bytes of an image, drawn by the first call; others wait for that one. The caller must not change them.
func encoded(number int, f format) []byte {
	key := encoding{number, f}
	bytes, ok := encodings.Load(key)
	if !ok {
		bytes, _ = encodings.LoadOrStore(key, sync.OnceValue(func() []byte { return encode(picture(number), f) }))
	}
	return bytes.(func() []byte)()
}

// draw sees to it that the first n images in the formats of [Server.URLs] are drawn, on all processors.
func draw(n int) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { encoded(i, naturalFormat(i)) })
	}
	wg.Wait()
}

// encode cannot fail: the pictures have sizes that both formats allow, and a buffer takes every write.
func encode(m *image.Paletted, f format) []byte {
	var b bytes.Buffer
	if f == jpg {
		jpeg.Encode(&b, m, &jpeg.Options{Quality: 85})
	} else {
		(&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m)
	}
	return b.Bytes()
}

// sizes are those of small photographs, lying and standing.
var sizes = []image.Point{{320, 240}, {288, 288}, {384, 256}, {240, 320}, {336, 224}, {256, 256}, {352, 264}}

// ramps hold colours from dark to light. A picture has the 256 colours of one ramp, so that a PNG stays small.
var ramps = [][]color.RGBA{
	{{0x1d, 0x2b, 0x4f, 255}, {0x54, 0x40, 0x7f, 255}, {0xa0, 0x4d, 0x87, 255}, {0xe8, 0x7a, 0x6d, 255}, {0xf9, 0xcb, 0x8b, 255}}, // dusk
	{{0x0b, 0x2f, 0x3a, 255}, {0x0b, 0x7a, 0x75, 255}, {0x3f, 0xb1, 0xa9, 255}, {0xa7, 0xdc, 0xcf, 255}, {0xf6, 0xf1, 0xd5, 255}}, // sea
	{{0x3b, 0x1f, 0x2b, 255}, {0x8c, 0x3b, 0x3b, 255}, {0xc9, 0x6f, 0x4a, 255}, {0xe9, 0xb8, 0x72, 255}, {0xf7, 0xea, 0xd3, 255}}, // clay
	{{0x1e, 0x3a, 0x34, 255}, {0x3f, 0x6f, 0x4f, 255}, {0x8a, 0xaa, 0x5b, 255}, {0xdc, 0xcb, 0x77, 255}, {0xfa, 0xf3, 0xd3, 255}}, // meadow
}

// palette returns 256 colours that run evenly through those of a ramp.
func palette(ramp []color.RGBA) color.Palette {
	p := make(color.Palette, 256)
	steps := len(ramp) - 1
	for i := range p {
		at := i * steps / 255
		a, b := ramp[at], ramp[min(at+1, steps)]
		part := i*steps - 255*at // of 255
		mix := func(a, b uint8) uint8 { return uint8((int(a)*(255-part) + int(b)*part) / 255) }
		p[i] = color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
	}
	return p
}

// random is splitmix64: a few lines that will give the same numbers in every version of Go.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// between returns a number from low to high. Here and below, conversions keep the compiler from fusing multiplication and
// addition, which some processors round differently: an image has the same pixels everywhere.
func (r *random) between(low, high float64) float64 {
	return low + float64((high-low)*(float64(r.next()>>11)/(1<<53)))
}

// shader gives the place on the ramp, from 0 to 1, of the point x, y. Both are in units of the picture's shorter side.
type shader func(x, y float64) float64

// picture draws the image of a number from 0 on.
func picture(number int) *image.Paletted {
	r := random(number * 7919)
	r.next()
	size := sizes[number%len(sizes)]
	unit := float64(min(size.X, size.Y))
	styles := []func(r *random, w, h, pixel float64) shader{hills, plasma}
	shade := styles[number%len(styles)](&r, float64(size.X)/unit, float64(size.Y)/unit, 1/unit)
	m := image.NewPaletted(image.Rectangle{Max: size}, palette(ramps[number/len(styles)%len(ramps)]))
	for y := range size.Y {
		for x := range size.X {
			t := shade((float64(x)+0.5)/unit, (float64(y)+0.5)/unit)
			m.Pix[m.PixOffset(x, y)] = uint8(math.Round(min(1, max(0, t)) * 255))
		}
	}
	return m
}

// over is b where the edge at a distance, negative inside, covers the pixel, a where it doesn't, and else between them.
func over(a, b, distance, pixel float64) float64 {
	return a + float64((b-a)*min(1, max(0, 0.5-distance/pixel)))
}

// hills are ridges one behind the other, with a low sun.
func hills(r *random, w, h, pixel float64) shader {
	var land [5]func(x float64) float64
	for i := range land {
		base := h * (0.5 + 0.42*float64(i)/4) // 0 is the farthest
		a1, f1, p1 := r.between(0.03, 0.08), r.between(3, 6), r.between(0, 7)
		a2, f2, p2 := r.between(0.01, 0.025), r.between(9, 15), r.between(0, 7)
		land[i] = func(x float64) float64 {
			return base + float64(a1*math.Sin(float64(f1*x)+p1)) + float64(a2*math.Sin(float64(f2*x)+p2))
		}
	}
	sunX, sunY, sunR := r.between(0.25, 0.75)*w, r.between(0.22, 0.38)*h, r.between(0.07, 0.12)
	return func(x, y float64) float64 {
		t := 0.72 + float64(0.25*min(1, y/(0.55*h)))
		t = over(t, 1, math.Hypot(x-sunX, y-sunY)-sunR, pixel)
		for i, edge := range land {
			t = over(t, 0.68-float64(0.17*float64(i)), edge(x)-y, pixel)
		}
		return t
	}
}

// plasma is a sum of waves in several directions, soft everywhere.
func plasma(r *random, w, h, _ float64) shader {
	a, b, c, d := r.between(2, 4), r.between(2, 4), r.between(3, 6), r.between(4, 7)
	p, q, s := r.between(0, 7), r.between(0, 7), r.between(0, 7)
	cx, cy := r.between(0.2, 0.8)*w, r.between(0.2, 0.8)*h
	return func(x, y float64) float64 {
		v := math.Sin(float64(a*x)+p) + math.Sin(float64(b*y)+float64(1.5*math.Sin(float64(c*x)*0.7+q))) +
			math.Sin(float64(d*math.Hypot(x-cx, y-cy))+s)
		return 0.5 + v/6
	}
}
