package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return []string{ctx.GetStreamEnable(), ctx.GetStreamRunID(), ctx.GetStreamToken(), ctx.GetStreamAddr()}, nil
}

func main() {
	runtime.Register(handler)
}
