package figure

// A Strip is a horizontal piece of a line: from X1 to X2 at height Y, in pixels.
type Strip struct{ X1, X2, Y float64 }

// Strips draws strips of one height in one paint, centred on their Y. A thousand of them take a fifth of the room that
// as many rectangles do, and they come without rounded corners.
func (c *Canvas) Strips(height float64, paint Paint, strips []Strip) {
	if len(strips) == 0 {
		return
	}
	var d []byte
	for _, s := range strips {
		d = append(d, 'M')
		d = appendNumber(d, s.X1)
		d = append(d, ' ')
		d = appendNumber(d, s.Y)
		d = append(d, 'h')
		d = appendNumber(d, s.X2-s.X1)
		c.reach(s.Y + height/2)
	}
	c.open("path")
	c.attribute("d", string(d))
	c.attribute("stroke", c.paint(paint))
	c.number("stroke-width", height)
	c.close()
}
