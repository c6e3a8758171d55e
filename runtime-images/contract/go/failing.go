package main

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"syscall"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

// Fails as the event says.
var ways = map[string]func() (interface{}, error){
	"fine": func() (interface{}, error) { return "fine", nil },
	"code": func() (interface{}, error) { return nil, errors.New("no code") },
	"hang": func() (interface{}, error) {
		for {
		}
	},
	"memory": func() (interface{}, error) {
		for kept := [][]byte{}; ; {
			kept = append(kept, bytes.Repeat([]byte("x"), 1<<20))
		}
	},
	"disk": func() (interface{}, error) {
		file, err := os.Create("/tmp/full")
		for err == nil {
			_, err = file.Write(make([]byte, 1<<20))
		}
		return nil, err
	},
	"exit": func() (interface{}, error) {
		os.Exit(3)
		return nil, nil
	},
	"signal":         func() (interface{}, error) { return nil, syscall.Kill(os.Getpid(), syscall.SIGKILL) },
	"large":          func() (interface{}, error) { return strings.Repeat("x", 6291457), nil },
	"unserialisable": func() (interface{}, error) { return make(chan int), nil },
}

func initialize(ctx context.RuntimeContext) error {
	if os.Getenv("FAIL") == "init" {
		return errors.New("no init")
	}
	return nil
}

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return ways[strings.Trim(string(payload), `"`)]()
}

func main() {
	if os.Getenv("FAIL") == "load" {
		panic("no load")
	}
	runtime.RegisterInitializer(initialize)
	runtime.Register(handler)
}
