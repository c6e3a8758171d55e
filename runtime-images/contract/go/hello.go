package main

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	var event struct{ Name string }
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	return "hello " + event.Name, nil
}

func main() {
	runtime.Register(handler)
}
