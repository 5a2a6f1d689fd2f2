package footprint_test

import (
	"fmt"

	"tutorial/helpers/footprint"
)

func Example() {
	fig := footprint.Figure("What does one more cost?", []footprint.Cost{
		{Kind: footprint.Goroutine, N: 1000, Resident: 2662},
		{Kind: footprint.PythonThread, N: 1000, Resident: 17000, KernelStack: 16384, Reserved: 8 << 20},
	})
	fmt.Print(fig.Text())
	// Output:
	// What does one more cost?
	// memory for each, bars start at 0; striped: the kernel's stack of a thread
	// One more goroutine takes least, 2.6 KB; one more Python thread takes most, 32.6 KB.
	//
	// kind               n  resident  kernel stack  together  address space
	// -------------  -----  --------  ------------  --------  -------------
	// goroutine      1,000    2.6 KB             0    2.6 KB              0
	// Python thread  1,000   16.6 KB       16.0 KB   32.6 KB         8.0 MB
}
