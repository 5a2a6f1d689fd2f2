package letters

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// pieces is a writer that keeps what it gets.
type pieces []string

func (p *pieces) Write(b []byte) (int, error) {
	*p = append(*p, string(b))
	return len(b), nil
}

func TestNoLetterIsCut(t *testing.T) {
	text := strings.Repeat("aä─日😀", 20_000)
	for name, src := range map[string]io.Reader{
		"whole":        strings.NewReader(text),
		"byte by byte": iotest.OneByteReader(strings.NewReader(text)),
		"in halves":    iotest.HalfReader(strings.NewReader(text)),
		"with the end": iotest.DataErrReader(strings.NewReader(text)),
	} {
		var got pieces
		n, err := Copy(&got, src)
		if err != nil || n != int64(len(text)) || strings.Join(got, "") != text {
			t.Errorf("%s: %d bytes (%v), and not all as they were", name, n, err)
		}
		if i := slices.IndexFunc(got, func(piece string) bool { return !utf8.ValidString(piece) }); i >= 0 {
			t.Errorf("%s: piece %d has half a letter: %q", name, i, got[i])
		}
	}
}

// What is no text must neither wait nor be lost, and what ends within a letter must come out in the end.
func TestWhatIsNoLetter(t *testing.T) {
	for _, text := range []string{"", "\xff", "\x80\x80\x80\x80", "ok\xe6\x97", "\xf0\x9f\x98", "\xe6\x97x", "\xc0\xaf", "\x00\xe6"} {
		for _, src := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
			var got bytes.Buffer
			if n, err := Copy(&got, src); err != nil || n != int64(len(text)) || got.String() != text {
				t.Errorf("%q became %q, %d bytes, %v", text, got.String(), n, err)
			}
		}
	}
	for text, want := range map[string]int{"": 0, "a": 0, "日": 0, "\xe6\x97": 2, "a\xe6": 1, "\xf0\x9f\x98": 3, "\xff": 0, "\x97\x97": 0, "\xe6x": 0} {
		if got := beginning([]byte(text)); got != want {
			t.Errorf("%q ends with %d bytes of a letter, want %d", text, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	broken := errors.New("broken")
	var got pieces
	if n, err := Copy(&got, io.MultiReader(strings.NewReader("a\xe6"), iotest.ErrReader(broken))); err != broken || n != 2 {
		t.Errorf("a reader that breaks gave %d bytes and %v", n, err)
	}
	reader, writer := io.Pipe()
	reader.CloseWithError(broken)
	if _, err := Copy(writer, strings.NewReader("a")); err != broken {
		t.Errorf("a writer that breaks gave %v", err)
	}
}
