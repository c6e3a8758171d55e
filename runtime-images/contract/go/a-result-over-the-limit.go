package main

import (
	"encoding/json"
	"strings"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	var event int
	err := json.Unmarshal(payload, &event)
	return strings.Repeat("x", event), err
}

func main() {
	runtime.Register(handler)
}
