package main

import (
	"fmt"
	"os"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	fmt.Println("out", 1)
	fmt.Fprintln(os.Stderr, "err")
	fmt.Print("begun ")
	fmt.Print("and ended\n")
	fmt.Print("two\nlines\n")
	fmt.Fprint(os.Stderr, "no newline")
	return nil, nil
}

func main() {
	runtime.Register(handler)
}
