package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return []string{ctx.GetAccessKey(), ctx.GetToken(), ctx.GetAlias(), ctx.GetWorkflowID()}, nil
}

func main() {
	runtime.Register(handler)
}
