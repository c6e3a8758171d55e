package main

import (
	"fmt"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	fmt.Println("before the loop")
	for {
	}
}

func main() {
	runtime.Register(handler)
}
