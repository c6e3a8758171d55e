package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

type fault struct{ Status int }

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	panic(fault{404})
}

func main() {
	runtime.Register(handler)
}
