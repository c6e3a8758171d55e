package main

import (
	"errors"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return nil, errors.New("x")
}

func main() {
	runtime.Register(handler)
}
