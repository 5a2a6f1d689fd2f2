package imageserver_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"tutorial/helpers/imageserver"
)

// Ten images, one of which is missing, with a goroutine each.
func Example() {
	imageserver.With(func(server *imageserver.Server, _ string) {
		urls := server.URLs(10)
		urls[3] += "?fault=404"

		status := make([]string, len(urls))
		var wg sync.WaitGroup
		for i, url := range urls {
			wg.Go(func() {
				response, err := http.Get(url)
				if err != nil {
					status[i] = err.Error()
					return
				}
				defer response.Body.Close()
				io.Copy(io.Discard, response.Body)
				status[i] = response.Status
			})
		}
		wg.Wait()
		fmt.Println(status[2])
		fmt.Println(status[3])
		fmt.Println(server.MostInFlight(), "in flight at once")
	}, imageserver.Latency(time.Second))
	// Output:
	// 200 OK
	// 404 Not Found
	// 10 in flight at once
}
