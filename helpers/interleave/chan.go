package interleave

import "errors"

// channel is what all channels have, whatever their type.
type channel struct {
	object
	buffer []any
	size   int
	closed bool
}

// A Case is one of the operations among which [Program.Select] chooses; it comes from [Chan.Sends] or [Chan.Receives].
type Case struct {
	ch    *channel
	send  bool
	value any // to send, or received
	ok    bool
	fails bool
	into  func(value any, ok bool)
}

var errSendOnClosed = errors.New("send on closed channel")

func (p *Program) possibleOnChannels(g *goroutine) {
	op := &g.pending
	certain := false
	for i, c := range op.cases {
		ch := c.ch
		switch {
		case ch == nil: // Nobody can ever do it.
		case c.send && (ch.closed || len(ch.buffer) < ch.size), !c.send && (ch.closed || len(ch.buffer) > 0):
			certain = true
			p.choices = append(p.choices, choice{g: g, way: i})
		case c.send && ch.size == 0:
			for _, other := range p.goroutines {
				if other.done || other == g || other.pending.verb != doChannel || op.skip && other.pending.skip {
					continue // Of two that would not wait, none finds the other waiting.
				}
				for j, d := range other.pending.cases {
					if d.ch == ch && !d.send {
						p.choices = append(p.choices, choice{g, i, other, j})
					}
				}
			}
		}
	}
	if op.skip && !certain { // A partner may not have come yet, so default is possible even if one is there.
		p.choices = append(p.choices, choice{g: g, way: -1})
	}
}

// transfer does what a choice says to the channel. The goroutines find the outcome when they go on.
func (p *Program) transfer(c choice) (signature uint64) {
	g := c.g
	for i := range g.pending.cases {
		if ch := g.pending.cases[i].ch; ch != nil {
			ch.touch(true)
			signature = mix(signature, ch.id)
		}
	}
	g.taken = c.way
	if c.way < 0 {
		return signature
	}
	mine := &g.pending.cases[c.way]
	ch := mine.ch
	switch {
	case c.partner != nil:
		theirs := &c.partner.pending.cases[c.partnerCase]
		c.partner.taken = c.partnerCase
		theirs.value, theirs.ok = mine.value, true
		signature = mix(signature, c.partner.key)
	case mine.send && ch.closed:
		mine.fails = true
	case mine.send:
		ch.buffer = append(ch.buffer, mine.value)
	case len(ch.buffer) > 0:
		mine.value, mine.ok = ch.buffer[0], true
		ch.buffer = ch.buffer[1:]
	default:
		mine.value, mine.ok = nil, false
	}
	return signature
}

// communicate does one of the cases, and returns which; -1 is none of them, if skip allows that.
func (p *Program) communicate(skip bool, cases []Case) int {
	p.at(operation{verb: doChannel, cases: cases, skip: skip})
	taken := -1
	if g := p.current; g != nil && !p.inStep {
		taken = g.taken
	} else {
		taken = p.communicateAlone(skip, cases)
	}
	if taken < 0 {
		p.say("finds nothing ready")
		return taken
	}
	c := &cases[taken]
	switch {
	case c.fails:
		p.say("sends on the closed %s", c.ch.name)
		panic(errSendOnClosed)
	case !p.tracing:
	case c.send:
		p.say("sends %s on %s", text(c.value), c.ch.name)
	case c.ok:
		p.say("receives %s from %s", text(c.value), c.ch.name)
	default:
		p.say("finds %s closed", c.ch.name)
	}
	if c.into != nil {
		c.into(c.value, c.ok)
	}
	return taken
}

// communicateAlone is for set-up, Check and Step, where no partner is there.
func (p *Program) communicateAlone(skip bool, cases []Case) int {
	g := &goroutine{p: p, pending: operation{verb: doChannel, cases: cases, skip: skip}}
	before := len(p.choices)
	p.possibleOnChannels(g)
	found := p.choices[before:]
	p.choices = p.choices[:before]
	for _, c := range found {
		if c.partner == nil {
			p.transfer(c)
			return g.taken
		}
	}
	panic("interleave: a step " + g.pending.waitingForChannels() + " in set-up, Check or Step, which may not wait")
}

func (op *operation) waitingForChannels() string {
	if len(op.cases) != 1 {
		return "waits in select"
	}
	c := op.cases[0]
	switch {
	case c.ch == nil:
		return "waits for a nil channel"
	case c.send:
		return "waits to send on " + c.ch.name
	}
	return "waits to receive from " + c.ch.name
}

// Chan is a channel, as Go's. Each send, receive and close is a step; on a channel without capacity, a send and its receive
// are one step together. A nil *Chan is one on which nothing ever happens, in a select as well.
type Chan[T any] struct {
	channel
	program *Program
}

// NewChan returns a channel with a name for the figure; capacity is how many values it holds that nobody has received.
func NewChan[T any](p *Program, name string, capacity int) *Chan[T] {
	return &Chan[T]{channel{object: p.newObject(name), size: max(0, capacity)}, p}
}

func (c *Chan[T]) core() *channel {
	if c == nil {
		return nil
	}
	return &c.channel
}

// Send is ch <- v. It panics if the channel is closed.
func (c *Chan[T]) Send(v T) { c.program.communicate(false, []Case{c.Sends(v)}) }

// Recv is v, ok := <-ch: ok is false if the channel is closed and empty.
func (c *Chan[T]) Recv() (v T, ok bool) {
	c.program.communicate(false, []Case{{ch: &c.channel, into: func(value any, received bool) {
		if ok = received; ok {
			v, _ = value.(T)
		}
	}}})
	return v, ok
}

// Close is close(ch). It panics if the channel is closed already.
func (c *Chan[T]) Close() {
	c.program.at(operation{verb: doClose, on: &c.object})
	c.touch(true)
	if c.closed {
		panic(errors.New("close of closed channel"))
	}
	c.closed = true
	c.program.say("closes %s", c.name)
}

// Sends is case ch <- v of a select.
func (c *Chan[T]) Sends(v T) Case { return Case{ch: c.core(), send: true, value: v} }

// Receives is case *into = <-ch of a select; into may be nil.
func (c *Chan[T]) Receives(into *T) Case {
	return Case{ch: c.core(), into: func(value any, ok bool) {
		if into != nil {
			var v T
			if ok {
				v, _ = value.(T)
			}
			*into = v
		}
	}}
}

// Select waits until one of the cases can be done, does it, and returns its index. Where several can, each of them is an order
// of its own.
func (p *Program) Select(cases ...Case) int { return p.communicate(false, cases) }

// SelectDefault is a select with a default, which is -1.
func (p *Program) SelectDefault(cases ...Case) int { return p.communicate(true, cases) }
