package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func deeper() string {
	panic("boom")
}

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return deeper(), nil
}

func main() {
	runtime.Register(handler)
}
