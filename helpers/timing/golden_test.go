package timing_test

import (
	"testing"
	"time"

	"tutorial/helpers/figure"
	"tutorial/helpers/figure/figuretest"
	"tutorial/helpers/timing"
)

// seconds makes samples from numbers.
func seconds(s ...float64) []time.Duration {
	d := make([]time.Duration, len(s))
	for i, v := range s {
		d[i] = time.Duration(v * float64(time.Second))
	}
	return d
}

func goCase(name string, samples ...time.Duration) timing.Result {
	return timing.Result{Name: name, Language: "Go", Version: "1.26", Samples: samples}
}

func pythonCase(name string, samples ...time.Duration) timing.Result {
	return timing.Result{Name: name, Language: "Python", Version: "3.11", Samples: samples}
}

// comparisons are fixed data for every shape that a bar figure can take.
func comparisons() map[string]timing.Comparison {
	compare := func(title string, ideal time.Duration, results ...timing.Result) timing.Comparison {
		return timing.NewComparison(title, ideal, 2, results...)
	}
	ms := time.Millisecond
	long := pythonCase("Python, one after another", seconds(15.002)...)
	long.Long = true
	longGo := goCase("Go, one after another", seconds(15.004)...)
	longGo.Long = true
	many := make([]timing.Result, 12)
	for i := range many {
		d := time.Duration(1) << (3 * i) * 7
		many[i] = goCase("case with 8^"+string(rune('a'+i))+" units", d, d+d/9, d+d/5, d+d/2, d+d/3)
	}
	return map[string]timing.Comparison{
		"target": compare("10 tasks of 1.5 s each", 1500*ms, long,
			pythonCase("Python ThreadPoolExecutor", seconds(1.5018, 1.502, 1.5016, 1.5021, 1.5025, 1.502, 1.5019)...),
			pythonCase("Python asyncio.gather", seconds(1.5019, 1.502, 1.5016, 1.5021, 1.5025, 1.502, 1.5019)...),
			longGo,
			goCase("Go, WaitGroup.Go", seconds(1.5003, 1.5002, 1.5004, 1.5003, 1.5003, 1.509, 1.5003)...)),
		"single": compare("One thing alone", 0, goCase("ping-pong over a channel", 18*ms, 22*ms, 19*ms, 20*ms, 25*ms, 19*ms, 21*ms)),
		"spread": compare("Counting to a billion", 80*ms,
			goCase("one goroutine", 160*ms, 162*ms, 159*ms, 171*ms, 164*ms, 160*ms, 165*ms),
			goCase("two goroutines", 90*ms, 118*ms, 99*ms, 160*ms, 112*ms, 101*ms, 97*ms),
			pythonCase("threads", 400*ms, 420*ms, 410*ms, 390*ms, 560*ms, 401*ms, 415*ms)),
		"twelve": compare("From nanoseconds to minutes, and a title that goes on and on until it can no longer stand in a single line of a figure, however wide", 0, many...),
		"labels": compare(`<script>alert("&")</script>`, 50*ms,
			goCase(`a label like <script>&" that is much longer than there is room for it in the figure`, 100*ms),
			pythonCase("日本語のラベルは幅が広いので場所をもっと取ることになるでしょう", 40*ms, 41*ms),
			goCase("$x$ \\(y\\)\x00\x1b[31m\n'", 20*ms, 20*ms)),
		"clock": compare("Too short to be true", 0, goCase("nothing", 42, 39, 41), goCase("next to nothing", 80, 81, 79)),
	}
}

func scalings() map[string]timing.ScalingResult {
	sizes := []int{1, 10, 100, 1000, 10_000, 100_000}
	series := func(name, language, version string, base, each float64) timing.Series {
		var s timing.Series
		for _, n := range sizes {
			d := time.Duration(base + each*float64(n))
			s = append(s, timing.Result{Name: name, Language: language, Version: version,
				Samples: []time.Duration{d, d + d/20, d - d/30, d + d/3, d}})
		}
		return s
	}
	few := timing.NewScaling("Start and join n empty tasks", sizes, 2,
		series("goroutines", "Go", "1.26", 2_000, 220),
		series("errgroup, limit 10", "Go", "1.26", 3_000, 280),
		series("asyncio.gather", "Python", "3.11", 90_000, 9_300),
		series("ThreadPoolExecutor", "Python", "3.11", 150_000, 22_000),
		series("threads", "Python", "3.11", 40_000, 71_000))
	var many []timing.Series
	for i := range 12 {
		many = append(many, series("case number "+string(rune('A'+i))+" with quite a long name, cut", "Go", "1.26", 1000, 100+float64(i)))
	}
	one := timing.NewScaling("One size", []int{50}, 2, timing.Series{goCase("alone", seconds(0.03)...)})
	return map[string]timing.ScalingResult{"scaling": few, "scaling-twelve": timing.NewScaling("Twelve that are close", sizes, 2, many...), "scaling-one": one}
}

func figures() map[string]figure.Figure {
	all := make(map[string]figure.Figure)
	for name, c := range comparisons() {
		all[name] = c.Figure()
	}
	for name, s := range scalings() {
		all[name] = s.Figure()
	}
	return all
}

func TestFiguresAreDrawnAsBefore(t *testing.T) {
	t.Parallel()
	for name, f := range figures() {
		figuretest.Check(t, f)
		figuretest.Golden(t, name+".svg", f.SVG)
		if name != "scaling-twelve" { // which is about its labels
			figuretest.Golden(t, name+".txt", f.Text())
		}
	}
}
