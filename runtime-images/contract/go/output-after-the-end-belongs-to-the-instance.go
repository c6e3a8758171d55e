package main

import (
	"fmt"
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	time.AfterFunc(30*time.Millisecond, func() { fmt.Println("late") })
	return 1, nil
}

func main() {
	runtime.Register(handler)
}
