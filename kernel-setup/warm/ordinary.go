//go:build !race

package main

// What only ordinary cells import. It contains net/http, which with -race would add a fifth to the time of a first set-up;
// for ordinary cells the Go tools bring it anyway.
import (
	_ "net/http/httptest"
	_ "net/http/httptrace"

	_ "tutorial/helpers/gallery"
	_ "tutorial/helpers/imageserver"
)
