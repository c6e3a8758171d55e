package main

import (
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func stop(ctx context.RuntimeContext) error {
	time.Sleep(time.Minute)
	return nil
}

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return 1, nil
}

func main() {
	runtime.RegisterPreStop(stop)
	runtime.Register(handler)
}
