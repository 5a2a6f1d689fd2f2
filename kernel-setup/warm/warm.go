// Command warm imports what cells import, and does nothing. Set-up builds it in each way that a cell can be built, so
// that the first cell of each kind finds its packages compiled.
package main

import (
	_ "bufio"
	_ "bytes"
	_ "context"
	_ "encoding/json"
	_ "errors"
	_ "fmt"
	_ "image/png"
	_ "io"
	_ "log"
	_ "maps"
	_ "math/rand/v2"
	_ "os"
	_ "os/exec"
	_ "os/signal"
	_ "runtime/debug"
	_ "slices"
	_ "sort"
	_ "strings"
	_ "sync/atomic"
	_ "time"

	_ "github.com/janpfeifer/gonb/gonbui"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sync/semaphore"

	_ "tutorial/helpers/exercise"
	_ "tutorial/helpers/footprint"
	_ "tutorial/helpers/interleave"
	_ "tutorial/helpers/timeline"
	_ "tutorial/helpers/timing"
)

func main() {}
