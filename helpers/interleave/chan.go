package interleave

// Chan is a channel with a buffer, as Go's. Each send and each receive is a step.
type Chan[T any] struct {
	object
	buffer []T
	size   int
}

// NewChan returns a channel with a name for the figure; capacity is how many values it holds that nobody has received, at least 1.
func NewChan[T any](p *Program, name string, capacity int) *Chan[T] {
	if capacity < 1 {
		panic("interleave: a channel without capacity has no model here; give it 1")
	}
	return &Chan[T]{object: p.newObject(name), size: capacity}
}

// Send is ch <- v.
func (c *Chan[T]) Send(v T) {
	c.p.at(operation{verb: doSend, on: &c.object, ready: func() bool { return len(c.buffer) < c.size }})
	c.touch(true)
	c.buffer = append(c.buffer, v)
	if c.p.tracing {
		c.p.say("sends %s on %s", text(v), c.name)
	}
}

// Recv is <-ch.
func (c *Chan[T]) Recv() T {
	c.p.at(operation{verb: doReceive, on: &c.object, ready: func() bool { return len(c.buffer) > 0 }})
	c.touch(true)
	v := c.buffer[0]
	c.buffer = c.buffer[1:]
	if c.p.tracing {
		c.p.say("receives %s from %s", text(v), c.name)
	}
	return v
}
