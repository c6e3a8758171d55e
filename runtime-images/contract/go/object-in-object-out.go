package main

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return map[string]interface{}{"got": json.RawMessage(payload)}, nil
}

func main() {
	runtime.Register(handler)
}
