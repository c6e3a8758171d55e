package main

import (
	"os"
	"os/exec"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	child := exec.Command("echo", "from the child")
	child.Stdout = os.Stdout
	return "parent", child.Run()
}

func main() {
	runtime.Register(handler)
}
