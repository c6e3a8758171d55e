package main

import (
	"os"
	"syscall"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return nil, &os.PathError{Op: "write", Path: "/tmp/large", Err: syscall.ENOSPC}
}

func main() {
	runtime.Register(handler)
}
