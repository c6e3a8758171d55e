// Command bootstrap is a Go instance: it greets the platform (../PROTOCOL.md), starts the function's program when LOAD names it, and
// carries calls between the two.
package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	// It only passes on: handing work to other processors costs more than it gains.
	runtime.GOMAXPROCS(1)
	address, token := os.Getenv("FUNGRAPH_LINK"), os.Getenv("FUNGRAPH_TOKEN")
	os.Unsetenv("FUNGRAPH_LINK")
	os.Unsetenv("FUNGRAPH_TOKEN")
	if address == "" {
		fmt.Fprintln(os.Stderr, "FUNGRAPH_LINK is missing: this program is started by the platform (see PROTOCOL.md)")
		os.Exit(64)
	}
	link, err := connect(address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	newInstance(link).serve(token)
}
