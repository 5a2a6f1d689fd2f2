package main

import (
	"testing"
	_ "testing/synctest"
)

// TestNothing is there so that set-up has a test to compile: %test cells need the packages of one.
func TestNothing(t *testing.T) { main() }
