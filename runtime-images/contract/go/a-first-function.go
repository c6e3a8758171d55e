package main

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/events/apig"
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	var event struct{ Name string }
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	ctx.GetLogger().Logf("greets %s", event.Name)
	return apig.APIGTriggerResponse{
		StatusCode: 200, Headers: map[string]string{"Content-Type": "text/plain"}, Body: "Hello, " + event.Name + "!",
	}, nil
}

func main() {
	runtime.Register(handler)
}
