package main

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	var event int
	err := json.Unmarshal(payload, &event)
	return []interface{}{event, event * 2, event > 1}, err
}

func main() {
	runtime.Register(handler)
}
