package main

import "huaweicloud.com/go-runtime/pkg/runtime"

func handler(payload []byte) (interface{}, error) {
	return 1, nil
}

func main() {
	runtime.Register(handler)
}
