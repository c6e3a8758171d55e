package main

import (
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	time.Sleep(100 * time.Millisecond)
	return "ended", nil
}

func main() {
	runtime.Register(handler)
}
