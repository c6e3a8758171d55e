package main

import (
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	for i := 0; i < 3; i++ {
		ctx.GetLogger().Logf("of %s", payload)
		time.Sleep(5 * time.Millisecond)
	}
	return ctx.GetRequestID(), nil
}

func main() {
	runtime.Register(handler)
}
