package timeline

// For tests in package timeline_test.
var (
	Read     = read
	Readable = readable
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
