package main

import (
	"fmt"
	"os"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	fmt.Println("last words")
	os.Exit(3)
	return nil, nil
}

func main() {
	runtime.Register(handler)
}
