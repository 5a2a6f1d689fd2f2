// Package letters passes text on without cutting a letter in two. GoNB is built with it: what a program prints reaches GoNB in pieces,
// each becomes a message, and JSON has no half letters.
package letters

import (
	"io"
	"unicode/utf8"
)

// Copy is io.Copy, but that the bytes of a letter that has only begun are written together with the rest of it: at its next
// piece, or at the end. What can be no beginning of a letter is written as it is.
func Copy(dst io.Writer, src io.Reader) (written int64, err error) {
	piece := make([]byte, 32<<10)
	begun := 0 // bytes at the start of piece that are the beginning of a letter
	for {
		n, readErr := src.Read(piece[begun:])
		n += begun
		begun = 0
		if readErr == nil {
			begun = beginning(piece[:n])
		}
		if n > begun {
			w, err := dst.Write(piece[:n-begun])
			written += int64(w)
			if err != nil {
				return written, err
			}
		}
		copy(piece, piece[n-begun:n])
		switch readErr {
		case nil:
		case io.EOF:
			return written, nil
		default:
			return written, readErr
		}
	}
}

// beginning returns how many bytes at the end of text are the beginning of a letter.
func beginning(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if end := text[len(text)-n:]; utf8.RuneStart(end[0]) {
			if utf8.FullRune(end) {
				return 0
			}
			return n
		}
	}
	return 0
}
