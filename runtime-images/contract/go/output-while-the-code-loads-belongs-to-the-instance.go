package main

import (
	"fmt"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return 1, nil
}

func main() {
	fmt.Println("loading")
	runtime.Register(handler)
}
