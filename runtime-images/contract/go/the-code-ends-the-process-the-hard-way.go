package main

import (
	"fmt"
	"os"
	"syscall"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	fmt.Println("last words")
	err := syscall.Kill(os.Getpid(), syscall.SIGKILL)
	return nil, err
}

func main() {
	runtime.Register(handler)
}
