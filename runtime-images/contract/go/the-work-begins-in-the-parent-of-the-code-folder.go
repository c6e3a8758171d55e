package main

import (
	"os"
	"path/filepath"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	return filepath.Rel(here, filepath.Dir(program))
}

func main() {
	runtime.Register(handler)
}
