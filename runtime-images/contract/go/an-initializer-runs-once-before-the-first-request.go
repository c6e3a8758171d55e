package main

import (
	"fmt"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

var count int

func initialize(ctx context.RuntimeContext) error {
	fmt.Println("initializing")
	count++
	return nil
}

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return count, nil
}

func main() {
	runtime.RegisterInitializer(initialize)
	runtime.Register(handler)
}
