package main

import (
	"encoding/json"
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

// Computes for as many milliseconds as the event says.
func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	var milliseconds int
	err := json.Unmarshal(payload, &milliseconds)
	for end := time.Now().Add(time.Duration(milliseconds) * time.Millisecond); time.Now().Before(end); {
	}
	return nil, err
}

func main() {
	runtime.Register(handler)
}
