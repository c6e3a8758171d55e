package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	if string(payload) == `{"bad":true}` {
		panic("bad")
	}
	return "good", nil
}

func main() {
	runtime.Register(handler)
}
