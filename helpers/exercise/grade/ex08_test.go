package grade

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func TestSumInParts(t *testing.T) {
	type answer = func(numbers []int, processors, threshold int, add func([]int) int) int
	type adder = func([]int) int
	// together adds up parts, each in a goroutine of its own.
	together := func(parts [][]int, add adder) int {
		sums := make([]int, len(parts))
		var wg sync.WaitGroup
		for i, part := range parts {
			wg.Go(func() { sums[i] = add(part) })
		}
		wg.Wait()
		total := 0
		for _, sum := range sums {
			total += sum
		}
		return total
	}
	chunks := func(numbers []int, size int) [][]int { return slices.Collect(slices.Chunk(numbers, size)) }
	grades(t, SumInParts,
		map[string]answer{
			"solution": func(numbers []int, processors, threshold int, add func([]int) int) int {
				if len(numbers) < threshold {
					return add(numbers)
				}
				size := (len(numbers) + processors - 1) / processors
				sums := make(chan int)
				parts := 0
				for part := range slices.Chunk(numbers, size) {
					parts++
					go func() { sums <- add(part) }()
				}
				total := 0
				for range parts {
					total += <-sums
				}
				return total
			},
			"by index, even parts, without empty ones": func(numbers []int, processors, threshold int, add func([]int) int) int {
				n := len(numbers)
				if n == 0 {
					return 0
				}
				if n < threshold {
					processors = 1
				}
				processors = min(processors, n)
				sums := make([]int, processors)
				var wg sync.WaitGroup
				for p := range processors {
					wg.Go(func() { sums[p] = add(numbers[p*n/processors : (p+1)*n/processors]) })
				}
				wg.Wait()
				total := 0
				for _, sum := range sums {
					total += sum
				}
				return total
			},
			"an atomic total, and the last part by itself": func(numbers []int, processors, threshold int, add func([]int) int) int {
				var total atomic.Int64
				var wg sync.WaitGroup
				if len(numbers) >= threshold {
					for ; processors > 1 && len(numbers) > 1; processors-- {
						part := numbers[:(len(numbers)+processors-1)/processors]
						numbers = numbers[len(part):]
						wg.Go(func() { total.Add(int64(add(part))) })
					}
				}
				if len(numbers) > 0 {
					total.Add(int64(add(numbers)))
				}
				wg.Wait()
				return int(total.Load())
			},
			"every fourth number": func(numbers []int, processors, threshold int, add func([]int) int) int {
				if len(numbers) < threshold {
					return add(numbers)
				}
				parts := make([][]int, min(processors, len(numbers)))
				for i, n := range numbers {
					parts[i%len(parts)] = append(parts[i%len(parts)], n)
				}
				return together(parts, add)
			},
			"halves of halves": func(numbers []int, processors, threshold int, add func([]int) int) int {
				var sum func(numbers []int, processors int) int
				sum = func(numbers []int, processors int) int {
					if processors == 1 || len(numbers) < 2 {
						return add(numbers)
					}
					left := processors / 2
					at := (len(numbers)*left + processors - 1) / processors
					result := make(chan int)
					go func() { result <- sum(numbers[:at], left) }()
					right := sum(numbers[at:], processors-left)
					return <-result + right
				}
				if len(numbers) < threshold {
					return add(numbers)
				}
				return sum(numbers, min(processors, len(numbers)))
			},
		},
		map[string]refused[answer]{
			"starter": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				return add(numbers)
			}, "only one of the 4 processors had something to do"},
			"a goroutine for each number": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				return together(chunks(numbers, 1), add)
			}, "made 100 parts for four processors"},
			"one after another": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				total := 0
				for _, part := range chunks(numbers, (len(numbers)+processors-1)/processors) {
					total += add(part)
				}
				return total
			}, "added up one after another"},
			"shared total": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				if len(numbers) < threshold {
					return add(numbers)
				}
				total := 0
				var wg sync.WaitGroup
				for part := range slices.Chunk(numbers, (len(numbers)+processors-1)/processors) {
					wg.Go(func() { total += add(part) })
				}
				wg.Wait()
				return total
			}, "^Data race: two goroutines are in `wg.Go\\(func\\(\\) { total \\+= add\\(part\\) }\\)`"},
			"mutex around add": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				total := 0
				var mu sync.Mutex
				var wg sync.WaitGroup
				for part := range slices.Chunk(numbers, (len(numbers)+processors-1)/processors) {
					wg.Go(func() {
						mu.Lock()
						defer mu.Unlock()
						total += add(part)
					})
				}
				wg.Wait()
				return total
			}, "Don't hold a mutex while you wait"},
			"no threshold": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				return together(chunks(numbers, (len(numbers)+processors-1)/processors), add)
			}, "There are 10 numbers, fewer than the threshold of 20, and your function made 4 parts"},
			"threshold off by one": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				if len(numbers) <= threshold {
					return add(numbers)
				}
				return together(chunks(numbers, (len(numbers)+processors-1)/processors), add)
			}, "From 20 numbers on"},
			"the rest for the last": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				size := len(numbers) / processors
				var parts [][]int
				for p := range processors - 1 {
					parts = append(parts, numbers[p*size:(p+1)*size])
				}
				return together(append(parts, numbers[(processors-1)*size:]), add)
			}, "Your largest part has 28 numbers, and everybody waits for it.*more than 26"},
			"the rest in a part more": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				return together(chunks(numbers, len(numbers)/processors), add)
			}, "made 5 parts for four processors"},
			"the rest forgotten": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				size := len(numbers) / processors
				var parts [][]int
				for p := range processors {
					parts = append(parts, numbers[p*size:(p+1)*size])
				}
				return together(parts, add)
			}, "There are 103 numbers, and number 101 was in no part"},
			"one number twice": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				size := len(numbers) / processors
				var parts [][]int
				for p := range processors {
					parts = append(parts, numbers[p*size:min((p+1)*size+1, len(numbers))])
				}
				return together(parts, add)
			}, "Number 26 is in two parts"},
			"adds up the sums with add": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				if len(numbers) < threshold {
					return add(numbers)
				}
				var sums []int
				for _, part := range chunks(numbers, (len(numbers)+processors-1)/processors) {
					sums = append(sums, together([][]int{part}, add))
				}
				return add(sums)
			}, "add was called with the number 325, which is none of those from 1 to 100"},
			"by itself": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				total := 0
				for _, n := range numbers {
					total += n
				}
				return total
			}, "never called add"},
			"no wait": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				var total atomic.Int64
				for part := range slices.Chunk(numbers, (len(numbers)+processors-1)/processors) {
					go func() { total.Add(int64(add(part))) }()
				}
				return int(total.Load())
			}, "returned after 0 ms, while four tasks were still running"},
			"only the first sum": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				sums := make(chan int, processors)
				for part := range slices.Chunk(numbers, (len(numbers)+processors-1)/processors) {
					go func() { sums <- add(part) }()
				}
				return <-sums
			}, "Every number was in a part, but your function returned"},
			"beyond the end": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				size := (len(numbers) + processors - 1) / processors
				var parts [][]int
				for p := range processors {
					parts = append(parts, numbers[p*size:(p+1)*size])
				}
				return together(parts, add)
			}, "slice bounds out of range.*ends where the slice ends"},
			"parts of nothing": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				if len(numbers) < threshold {
					return add(numbers)
				}
				var parts [][]int
				for p := range processors {
					parts = append(parts, numbers[p*len(numbers)/processors:(p+1)*len(numbers)/processors])
				}
				return together(parts, add)
			}, "called add with no numbers"},
			"waits for nobody at the end": {func(numbers []int, processors, threshold int, add func([]int) int) int {
				sums := make(chan int)
				for part := range slices.Chunk(numbers, (len(numbers)+processors-1)/processors) {
					go func() { sums <- add(part) }()
				}
				total := 0
				for sum := range sums {
					total += sum
				}
				return total
			}, "^Deadlock: .*your function is waiting to receive from a channel in `for sum := range sums {`"},
		})
}
