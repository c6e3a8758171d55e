package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return 1, nil
}

func prepare() {
	panic("early")
}

func main() {
	prepare()
	runtime.Register(handler)
}
