package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return []interface{}{
		ctx.GetRequestID(), ctx.GetFunctionName(), ctx.GetVersion(), ctx.GetPackage(), ctx.GetProjectID(),
		ctx.GetRunningTimeInSeconds(), ctx.GetMemorySize(), ctx.GetCPUNumber(), ctx.GetAlias(),
		ctx.GetAccessKey(), ctx.GetSecretKey(), ctx.GetSecurityAccessKey(), ctx.GetSecuritySecretKey(), ctx.GetSecurityToken(),
		ctx.GetToken(), ctx.GetWorkflowID(), ctx.GetWorkflowRunID(), ctx.GetWorkflowStateID(),
	}, nil
}

func main() {
	runtime.Register(handler)
}
