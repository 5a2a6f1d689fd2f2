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

// A Python program with a server of its own. In a notebook, this is a whole cell.
func ExamplePython() {
	requests := imageserver.Python(`
import os
import requests
from concurrent.futures import ThreadPoolExecutor

def download(url):
    response = requests.get(url, timeout=10)
    response.raise_for_status()
    return response.content

urls = os.environ["IMAGE_URLS"].split()
with ThreadPoolExecutor(max_workers=10) as pool:
    images = list(pool.map(download, urls))
print(len(images), "images")
`, imageserver.Latency(time.Second))
	fmt.Println(requests.MostInFlight(), "in flight at once")
	// Output:
	// 10 images
	// 10 in flight at once
}
