package main

import (
	"fmt"
	"strings"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	line := strings.Repeat("x", 64*1024-1)
	for i := 0; i < 1600; i++ {
		fmt.Println(line)
	}
	return "done", nil
}

func main() {
	runtime.Register(handler)
}
