package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

type ring struct{ Next *ring }

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	one := &ring{}
	one.Next = one
	return one, nil
}

func main() {
	runtime.Register(handler)
}
