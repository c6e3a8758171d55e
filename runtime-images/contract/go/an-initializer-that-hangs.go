package main

import (
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func initialize(ctx context.RuntimeContext) error {
	time.Sleep(time.Minute)
	return nil
}

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return 1, nil
}

func main() {
	runtime.RegisterInitializer(initialize)
	runtime.Register(handler)
}
