package main

import (
	"encoding/json"
	"os/exec"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) ([]byte, error) {
	var script string
	if err := json.Unmarshal(payload, &script); err != nil {
		return nil, err
	}
	return exec.Command("sh", "-c", script).Output()
}

func main() {
	runtime.Register(handler)
}
