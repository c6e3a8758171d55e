package main

import (
	"os"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

var early = os.Getenv("RUNTIME_FUNC_NAME")

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	_, token := os.LookupEnv("FUNGRAPH_TOKEN")
	_, link := os.LookupEnv("FUNGRAPH_LINK")
	return []interface{}{early, os.Getenv("MINE"), !token, !link}, nil
}

func main() {
	runtime.Register(handler)
}
