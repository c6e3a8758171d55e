package main

import (
	goruntime "runtime"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

// Ends its goroutine when the event says so.
func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	if string(payload) == "true" {
		goruntime.Goexit()
	}
	return "fine", nil
}

func main() {
	runtime.Register(handler)
}
