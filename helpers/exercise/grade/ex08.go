package grade

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var _ = register(Exercise{
	Name:  "08_sum_in_parts",
	Title: "A sum in parts",
	Picture: Picture{
		Title:   "A hundred numbers and four processors",
		Caption: "Each processor adds up a quarter of the numbers, and none of them waits for another.",
		Spans:   []Span{span("1 to 25", 0, 25), span("26 to 50", 0, 25), span("51 to 75", 0, 25), span("76 to 100", 0, 25)},
	},
})

// SumInParts grades a function that splits a sum among processors, unless there is too little to add up.
func SumInParts(answer func(numbers []int, processors, threshold int, add func([]int) int) int) Check {
	run := func(n, processors, threshold int) func(*Run) {
		return func(r *Run) {
			numbers := make([]int, n)
			want := 0
			for i := range numbers {
				numbers[i] = i + 1
				want += i + 1
			}
			original := slices.Clone(numbers)
			got := 0
			r.Call(func() {
				got = answer(numbers, processors, threshold, func(part []int) int {
					if len(part) == 0 {
						r.Do("no numbers", 0)
						return 0
					}
					sum := 0
					for _, i := range part {
						if i < 1 || i > n {
							r.Failf("add was called with the number %d, which is none of those from 1 to %d. It is for parts of the numbers; add up its results yourself.", i, n)
						}
						sum += i
					}
					r.Do(inWords(part), MS(len(part)))
					return sum
				})
			})
			if !slices.Equal(numbers, original) {
				r.Failf("Your function changed the numbers, which are the caller's. It only has to read them.")
			}
			times := make([]int, n+1) // that each number was added
			calls, empty, largest := 0, 0, 0
			for _, s := range r.Spans() {
				calls++
				part := outOfWords(s.Name)
				if len(part) == 0 {
					empty++
				}
				largest = max(largest, len(part))
				for _, i := range part {
					times[i]++
				}
			}
			if calls == 0 && n > 0 {
				r.Failf("Your function never called add. It takes as long as a part is long, which is what the check measures.")
			}
			for i := 1; i <= n; i++ {
				switch {
				case times[i] == 0:
					r.Failf("There are %d numbers, and number %d was in no part. Where one part ends, the next one begins, and the last one ends at the end.", n, i)
				case times[i] > 1:
					r.Failf("Number %d is in %s. Where one part ends, the next one begins.", i, Plural(times[i], "part", "parts"))
				}
			}
			if n > 0 && empty > 0 {
				r.Failf("Your function called add with no numbers. Make no more parts than there are numbers.")
			}
			if n > 0 && n < threshold && calls > 1 {
				r.Failf("There are %d numbers, fewer than the threshold of %d, and your function made %d parts. So little work is done before the goroutines have started: call add once, for all.", n, threshold, calls)
			}
			if calls > processors && n > 0 {
				r.Failf("Your function made %d parts for %s. More parts than processors gain nothing, and each costs a goroutine.", calls, Plural(processors, "processor", "processors"))
			}
			if n >= threshold && n > 0 {
				best := (n + processors - 1) / processors
				if calls == 1 && largest > best {
					r.Failf("One call of add got all %d numbers, and only one of the %d processors had something to do. From %d numbers on, give a part to each.", n, processors, threshold)
				}
				if largest > best {
					r.Failf("Your largest part has %d numbers, and everybody waits for it. Share %d numbers out among %d processors, and no part needs more than %d.", largest, n, processors, best)
				}
				if r.MostAtOnce() == 1 && calls > 1 {
					r.Failf("Your %d parts were added up one after another. Give each a goroutine of its own, and wait for all of them at the end.", calls)
				}
				r.WantTook(MS(best), "the time of the largest part")
			}
			if got != want {
				r.Failf("Every number was in a part, but your function returned %d; the sum is %d. Add up what the calls of add return, each once.", got, want)
			}
		}
	}
	return Check{"08_sum_in_parts", []Scenario{
		{Name: "a hundred numbers, four processors, and a threshold of 20", Do: run(100, 4, 20)},
		{Name: "103 numbers, which can't be shared out evenly among four processors", Do: run(103, 4, 20)},
		{Name: "ten numbers, where it only pays from 20 on", Do: run(10, 4, 20)},
		{Name: "as many numbers as the threshold, 20", Do: run(20, 4, 20)},
		{Name: "nine numbers, four processors, and a threshold of 2", Do: run(9, 4, 2)},
		{Name: "three numbers, eight processors, and a threshold of 2", Do: run(3, 8, 2)},
		{Name: "one processor", Do: run(40, 1, 20)},
		{Name: "no numbers", Do: run(0, 4, 20)},
	}}
}

// inWords names a part: by its ends, if it has all numbers between them.
func inWords(part []int) string {
	first, last := part[0], part[len(part)-1]
	if slices.IsSorted(part) && last-first == len(part)-1 {
		return fmt.Sprintf("%d to %d", first, last)
	}
	return strings.Trim(fmt.Sprint(part), "[]")
}

// outOfWords returns the part of that name.
func outOfWords(name string) (part []int) {
	var first, last int
	if _, err := fmt.Sscanf(name, "%d to %d", &first, &last); err == nil {
		for i := first; i <= last; i++ {
			part = append(part, i)
		}
		return part
	}
	for _, word := range strings.Fields(name) {
		if i, err := strconv.Atoi(word); err == nil {
			part = append(part, i)
		}
	}
	return part
}
