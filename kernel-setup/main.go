package main

import (
	"context"
	"fmt"
	"os"
	"tutorial/kernel-setup/environment"
)

func main() {
	c, err := environment.Find(".")
	if err == nil {
		err = c.Install(context.Background(), os.Stdout)
	}
	if err != nil {
		fmt.Println("E", err)
		os.Exit(1)
	}
}
