package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	ctx.GetLogger().Logf("one")
	ctx.GetLogger().Logf("%s is %d", "two", 2)
	ctx.GetLogger().Logf("three\nlines")
	return nil, nil
}

func main() {
	runtime.Register(handler)
}
