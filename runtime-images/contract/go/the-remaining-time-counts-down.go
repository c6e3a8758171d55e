package main

import (
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	before := ctx.GetRemainingTimeInMilliSeconds()
	time.Sleep(60 * time.Millisecond)
	after := ctx.GetRemainingTimeInMilliSeconds()
	return []bool{before <= 5000, before > 3000, before-after >= 50}, nil
}

func main() {
	runtime.Register(handler)
}
