package main

import (
	"errors"
	"strings"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return nil, errors.New(strings.Repeat("x", 8<<20))
}

func main() {
	runtime.Register(handler)
}
