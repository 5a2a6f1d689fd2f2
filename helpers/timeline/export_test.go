package timeline

// For tests in package timeline_test.
var (
	Read     = read
	Readable = readable
	CalledBy = calledBy
	NameAll  = nameLanes
)

const (
	MarkCategory = markCategory
	MarkStart    = markStart
	MarkEnd      = markEnd
)

// Segments records fn as Record does, and returns the trace instead of reading it.
func Segments(fn func()) [][]byte {
	run := &run{}
	if err := run.startTrace(); err != nil {
		panic(err)
	}
	ended := make(chan struct{})
	go run.call(fn, ended)
	<-ended
	run.finish()
	return run.segments
}

// PixelShares returns how many pixels of a lane's figure show a state, and how many show any.
func PixelShares(r *Recording, lane int, s State) (shown, all float64) {
	for _, p := range allPieces(r, newAxis(0, 700, r.Duration))[lane] {
		all += p.x2 - p.x1
		if p.state == s {
			shown += p.x2 - p.x1
		}
	}
	return shown, all
}

// CountByState returns the mean number of goroutines in one state for each of some columns.
func CountByState(r *Recording, columns int, s State) (counts []float64) {
	for _, c := range r.countByState(columns) {
		counts = append(counts, c[s])
	}
	return counts
}
