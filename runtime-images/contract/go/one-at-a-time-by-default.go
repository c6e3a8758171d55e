package main

import (
	"sync/atomic"
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

var running int32

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	most := atomic.AddInt32(&running, 1)
	time.Sleep(5 * time.Millisecond)
	atomic.AddInt32(&running, -1)
	return most, nil
}

func main() {
	runtime.Register(handler)
}
