package main

import (
	"fmt"
	"strings"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	fmt.Println(strings.Repeat("é", 100000))
	return nil, nil
}

func main() {
	runtime.Register(handler)
}
