package main

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (string, error) {
	var event string
	err := json.Unmarshal(payload, &event)
	return event + "–木😀", err
}

func main() {
	runtime.Register(handler)
}
