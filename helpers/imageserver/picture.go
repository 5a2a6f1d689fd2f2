package imageserver

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
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

func (f format) contentType() string {
	if f == jpg {
		return "image/jpeg"
	}
	return "image/png"
}

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
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				encoded(i, naturalFormat(i))
			}
		})
	}
	wg.Wait()
}

// encode cannot fail: the pictures have sizes that both formats allow, and a buffer takes every write.
func encode(m *image.RGBA, f format) []byte {
	var b bytes.Buffer
	if f == jpg {
		jpeg.Encode(&b, m, &jpeg.Options{Quality: 85})
	} else {
		(&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, reduced(m))
	}
	return b.Bytes()
}

// reduced returns m with at most 256 colours, so that a PNG stays small. They are the colours that occur, coarsened until
// there are few enough.
func reduced(m *image.RGBA) *image.Paletted {
	for step := 1; ; step++ {
		var colors color.Palette
		index := make(map[[3]uint8]uint8)
		out := image.NewPaletted(m.Rect, nil)
		fits := true
		for i := 0; i < len(m.Pix) && fits; i += 4 {
			c := [3]uint8{coarse(m.Pix[i], step), coarse(m.Pix[i+1], step), coarse(m.Pix[i+2], step)}
			at, known := index[c]
			if !known {
				if fits = len(colors) < 256; !fits {
					break
				}
				at = uint8(len(colors))
				index[c] = at
				colors = append(colors, color.RGBA{c[0], c[1], c[2], 255})
			}
			out.Pix[i/4] = at
		}
		if fits {
			out.Palette = colors
			return out
		}
	}
}

// coarse rounds a channel to the middle of a step.
func coarse(v uint8, step int) uint8 { return uint8(min(255, int(v)/step*step+step/2)) }

// sizes are those of small photographs, lying and standing.
var sizes = []image.Point{{320, 240}, {288, 288}, {384, 256}, {240, 320}, {336, 224}, {256, 256}, {352, 264}}

// rgb is a colour with channels from 0 to 1.
type rgb [3]float64

func hex(v uint32) rgb {
	return rgb{float64(v>>16) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}
}

// mix goes from a (t = 0) to b (t = 1). The conversions keep the compiler from fusing multiplication and addition, which some
// processors round differently: an image has the same pixels everywhere.
func mix(a, b rgb, t float64) rgb {
	if t <= 0 {
		return a
	}
	if t >= 1 {
		return b
	}
	for i := range a {
		a[i] = float64(a[i]*(1-t)) + float64(b[i]*t)
	}
	return a
}

// ramp is a palette from dark to light; between its colours it is continuous.
type ramp [5]rgb

func (r ramp) at(t float64) rgb {
	t = min(1, max(0, t)) * float64(len(r)-1)
	i := min(int(t), len(r)-2)
	return mix(r[i], r[i+1], t-float64(i))
}

var ramps = []ramp{
	{hex(0x1d2b4f), hex(0x54407f), hex(0xa04d87), hex(0xe87a6d), hex(0xf9cb8b)}, // dusk
	{hex(0x0b2f3a), hex(0x0b7a75), hex(0x3fb1a9), hex(0xa7dccf), hex(0xf6f1d5)}, // sea
	{hex(0x3b1f2b), hex(0x8c3b3b), hex(0xc96f4a), hex(0xe9b872), hex(0xf7ead3)}, // clay
	{hex(0x1e3a34), hex(0x3f6f4f), hex(0x8aaa5b), hex(0xdccb77), hex(0xfaf3d3)}, // meadow
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

// between returns a number from low to high.
func (r *random) between(low, high float64) float64 {
	return low + float64((high-low)*(float64(r.next()>>11)/(1<<53)))
}

// shader gives the colour of the point x, y. Both are in units of the picture's shorter side.
type shader func(x, y float64) rgb

// picture draws the image of a number from 0 on.
func picture(number int) *image.RGBA {
	r := random(number * 7919)
	r.next()
	size := sizes[number%len(sizes)]
	unit := float64(min(size.X, size.Y))
	styles := []func(*random, ramp, float64, float64, float64) shader{hills, plasma, truchet, ripples, facets}
	colors := ramps[(number%len(styles)+number/len(styles))%len(ramps)]
	shade := styles[number%len(styles)](&r, colors, float64(size.X)/unit, float64(size.Y)/unit, 1/unit)
	m := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			c := shade((float64(x)+0.5)/unit, (float64(y)+0.5)/unit)
			i := m.PixOffset(x, y)
			for k, v := range c {
				m.Pix[i+k] = uint8(min(255, max(0, math.Round(v*255))))
			}
			m.Pix[i+3] = 255
		}
	}
	return m
}

// cover is how much of a pixel lies inside an edge at the given distance, negative inside.
func cover(distance, pixel float64) float64 { return min(1, max(0, 0.5-distance/pixel)) }

// hills are ridges one behind the other, with a low sun.
func hills(r *random, colors ramp, w, h, pixel float64) shader {
	const ridges = 5
	type ridge struct{ base, a1, f1, p1, a2, f2, p2 float64 }
	var land [ridges]ridge
	for i := range land {
		depth := float64(i) / (ridges - 1) // 0 is the farthest
		land[i] = ridge{
			base: h * (0.5 + 0.42*depth), a1: r.between(0.03, 0.08), f1: r.between(3, 6), p1: r.between(0, 7),
			a2: r.between(0.01, 0.025), f2: r.between(9, 15), p2: r.between(0, 7),
		}
	}
	sunX, sunY, sunR := r.between(0.25, 0.75)*w, r.between(0.22, 0.38)*h, r.between(0.07, 0.12)
	edges := make([][ridges]float64, int(math.Round(w/pixel))) // of each column; a sine for each pixel would take most of the time
	for column := range edges {
		x := (float64(column) + 0.5) * pixel
		for i, l := range land {
			edges[column][i] = l.base + float64(l.a1*math.Sin(float64(l.f1*x)+l.p1)) + float64(l.a2*math.Sin(float64(l.f2*x)+l.p2))
		}
	}
	sun := mix(colors[4], rgb{1, 1, 1}, 0.55)
	var ground [ridges]rgb
	for i := range ground {
		ground[i] = colors.at(0.68 - 0.17*float64(i))
	}
	return func(x, y float64) rgb {
		c := mix(colors[3], colors[4], y/(0.55*h))
		c = mix(c, sun, cover(math.Hypot(x-sunX, y-sunY)-sunR, pixel))
		for i, edge := range edges[int(x/pixel)] {
			c = mix(c, ground[i], cover(edge-y, pixel))
		}
		return c
	}
}

// plasma is a sum of waves in several directions, soft everywhere.
func plasma(r *random, colors ramp, w, h, pixel float64) shader {
	a, b, c, d := r.between(2, 4), r.between(2, 4), r.between(3, 6), r.between(4, 7)
	p, q, s := r.between(0, 7), r.between(0, 7), r.between(0, 7)
	cx, cy := r.between(0.2, 0.8)*w, r.between(0.2, 0.8)*h
	return func(x, y float64) rgb {
		v := math.Sin(float64(a*x)+p) + math.Sin(float64(b*y)+float64(1.5*math.Sin(float64(c*x)*0.7+q))) +
			math.Sin(float64(d*math.Hypot(x-cx, y-cy))+s)
		return colors.at(0.5 + v/6)
	}
}

// truchet tiles the plane with squares of two quarter circles each, which join to a maze of ribbons.
func truchet(r *random, colors ramp, w, h, pixel float64) shader {
	side := 1 / math.Round(r.between(5, 8))
	seed := r.next()
	return func(x, y float64) rgb {
		i, j := math.Floor(x/side), math.Floor(y/side)
		u, v := x/side-i, y/side-j
		tile := random(seed + uint64(i)*1000 + uint64(j))
		if tile.next()&1 == 0 {
			u = 1 - u
		}
		near := min(math.Abs(math.Hypot(u, v)-0.5), math.Abs(math.Hypot(1-u, 1-v)-0.5)) * side
		t := (x/w + y/h) / 2
		c := mix(colors[0], colors[1], t)
		c = mix(c, mix(colors[2], colors[3], t), cover(near-0.21*side, pixel))
		return mix(c, mix(colors[3], colors[4], t), cover(near-0.09*side, pixel))
	}
}

// ripples are the rings around two points, where they meet, in bands of one colour.
func ripples(r *random, colors ramp, w, h, pixel float64) shader {
	x1, y1 := r.between(0.05, 0.45)*w, r.between(0.05, 0.95)*h
	x2, y2 := r.between(0.55, 0.95)*w, r.between(0.05, 0.95)*h
	f1, f2 := r.between(14, 20), r.between(14, 20)
	const bands = 7
	return func(x, y float64) rgb {
		d1, d2 := math.Hypot(x-x1, y-y1), math.Hypot(x-x2, y-y2)
		v := (float64(math.Cos(f1*d1)/(1+2*d1)) + float64(math.Cos(f2*d2)/(1+2*d2)))
		t := min(0.999, max(0, 0.5+v*0.42)) * bands
		band := math.Floor(t)
		// The last tenth of a band runs into the next, which smooths the edge.
		return colors.at((band + max(0, float64((t-band)*10)-9)) / bands)
	}
}

// facets are triangles on a grid that was shaken a little.
func facets(r *random, colors ramp, w, h, pixel float64) shader {
	side := 1 / math.Round(r.between(4, 6))
	seed, lean := r.next(), r.between(-1, 1)
	corner := func(i, j float64) (x, y float64) {
		own := random(seed + uint64(int64(i)+8)*1000 + uint64(int64(j)+8))
		return (i + own.between(-0.28, 0.28)) * side, (j + own.between(-0.28, 0.28)) * side
	}
	return func(x, y float64) rgb {
		i0, j0 := math.Floor(x/side), math.Floor(y/side)
		// A shaken corner may put the point into a neighbouring cell's triangle.
		for _, d := range [9][2]float64{{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}} {
			i, j := i0+d[0], j0+d[1]
			ax, ay := corner(i, j)
			bx, by := corner(i+1, j)
			cx, cy := corner(i, j+1)
			dx, dy := corner(i+1, j+1)
			for half, t := range [2][6]float64{{ax, ay, bx, by, cx, cy}, {bx, by, dx, dy, cx, cy}} {
				if !inside(x, y, t) {
					continue
				}
				mx, my := (t[0]+t[2]+t[4])/3, (t[1]+t[3]+t[5])/3
				own := random(seed ^ uint64(int64(i)+8)<<20 ^ uint64(int64(j)+8)<<8 ^ uint64(half))
				v := my/h*0.75 + float64(lean*(mx/w-0.5)*0.4) + own.between(-0.1, 0.1) + 0.12
				return colors.at(1 - v)
			}
		}
		return colors[2]
	}
}

func inside(x, y float64, t [6]float64) bool {
	side := func(ax, ay, bx, by float64) bool { return (bx-ax)*(y-ay)-(by-ay)*(x-ax) >= 0 }
	return side(t[0], t[1], t[2], t[3]) && side(t[2], t[3], t[4], t[5]) && side(t[4], t[5], t[0], t[1])
}
