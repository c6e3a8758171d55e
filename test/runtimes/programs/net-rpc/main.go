// Command netrpc serves Function.Invoke as programs do that were built with the runtime of FunctionGraph itself: net/rpc over HTTP on
// RUNTIME_API_ADDR, and nothing else. It does what the event says.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/rpc"
	"os"
	"strings"
	"syscall"
	"time"
)

type InvokeRequest struct {
	Payload []byte
	Header  http.Header
}

type InvokeResponse struct {
	StatusCode int
	Payload    []byte
}

type HealthCheckRequest struct{}

type HealthCheckResponse struct{}

type Function struct{}

func (*Function) HealthCheck(*HealthCheckRequest, *HealthCheckResponse) error { return nil }

func (*Function) Invoke(request *InvokeRequest, response *InvokeResponse) error {
	response.StatusCode = http.StatusOK
	var way string
	if json.Unmarshal(request.Payload, &way) != nil {
		response.Payload = request.Payload
		return nil
	}
	switch {
	case way == "header":
		var err error
		response.Payload, err = json.Marshal(request.Header)
		return err
	case way == "error":
		return errors.New("{\n    \"errorMessage\": \"no\",\n    \"errorType\": \"FunctionReturnError\"\n}")
	case way == "plain error":
		return errors.New("bad request parameters")
	case way == "panic of an asynchronous request":
		response.StatusCode = 0
		return errors.New("")
	case way == "too large":
		response.Payload = []byte(strings.Repeat("x", 6291457))
	case way == "close":
		os.Exit(5)
	case way == "hang up":
		for descriptor := 3; descriptor < 100; descriptor++ {
			_ = syscall.Shutdown(descriptor, syscall.SHUT_RDWR)
		}
		time.Sleep(time.Minute)
	case way == "log":
		for i := 0; i < 3; i++ {
			fmt.Println(time.Now().Format("2006-01-02 15:04:05.999-07:00"), request.Header.Get("X-CFF-Request-Id"), "mine")
			time.Sleep(5 * time.Millisecond)
		}
	}
	return nil
}

func main() {
	if err := rpc.Register(&Function{}); err != nil {
		log.Fatal(err)
	}
	rpc.HandleHTTP()
	log.Fatal(http.ListenAndServe(os.Getenv("RUNTIME_API_ADDR"), nil))
}
