package runtime

import (
	"errors"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"strings"
	"testing"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime/fnhandler"
)

// What the service's own platform sends.
type invokeRequest struct {
	Payload []byte
	Header  http.Header
}

type invokeResponse struct {
	StatusCode int
	Payload    []byte
}

type (
	healthCheckRequest  struct{}
	healthCheckResponse struct{}
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	switch string(payload) {
	case "id":
		return ctx.GetRequestID() + ctx.GetToken(), nil
	case "error":
		return nil, errors.New("no")
	case "panic":
		panic("oh")
	case "nothing":
		return nil, nil
	}
	return payload, nil
}

// serve starts a server for the test and returns a client of the standard library's.
func serve(t *testing.T) *rpc.Client {
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := probe.Addr().String()
	probe.Close()
	made, err := fnhandler.Make(handler)
	if err != nil {
		t.Fatal(err)
	}
	go listenAndServe(address, fnhandler.NewFunction(made, fnhandler.Hooks{}))
	for tries := 0; ; tries++ {
		client, err := rpc.DialHTTP("tcp", address)
		if err == nil {
			t.Cleanup(func() { client.Close() })
			return client
		}
		if tries == 1000 {
			t.Fatal(err)
		}
	}
}

func TestStandardClient(t *testing.T) {
	client := serve(t)
	header := http.Header{}
	header.Set("X-CFF-Request-Id", "r1")
	header.Set("X-CFF-Auth-Token", "t")
	if err := client.Call("Function.HealthCheck", &healthCheckRequest{}, &healthCheckResponse{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ payload, result, failure string }{
		{"id", "r1t", ""},
		{"as it is", "as it is", ""},
		{"nothing", "", ""},
		{"error", "", `"errorType": "FunctionReturnError"`},
		{"panic", "", `"errorType": "panic"`},
		{"", "", "bad request parameters"},
		{strings.Repeat("x", 6<<20), strings.Repeat("x", 6<<20), ""},
	} {
		var response invokeResponse
		err := client.Call("Function.Invoke", &invokeRequest{[]byte(want.payload), header}, &response)
		switch {
		case want.failure == "" && (err != nil || response.StatusCode != 200 || string(response.Payload) != want.result):
			t.Errorf("%.20s: got %v, %d, %.100s", want.payload, err, response.StatusCode, response.Payload)
		case want.failure != "" && (err == nil || !strings.Contains(err.Error(), want.failure)):
			t.Errorf("%s: got %v", want.payload, err)
		}
	}
}

func TestAsynchronousPanic(t *testing.T) {
	header := http.Header{}
	header.Set("X-CFF-Invoke-Type", "async")
	var response invokeResponse
	err := serve(t).Call("Function.Invoke", &invokeRequest{[]byte("panic"), header}, &response)
	if err != nil || response.StatusCode != 0 {
		t.Errorf("got %v, %d", err, response.StatusCode)
	}
}

func TestUnknownMethod(t *testing.T) {
	client := serve(t)
	err := client.Call("Function.Other", &invokeRequest{}, &invokeResponse{})
	if err == nil || err.Error() != "rpc: can't find method Function.Other" {
		t.Errorf("got %v", err)
	}
	if err := client.Call("Function.HealthCheck", &healthCheckRequest{}, &healthCheckResponse{}); err != nil {
		t.Error(err)
	}
}

func TestMain(m *testing.M) {
	os.Unsetenv(channelVariable)
	os.Exit(m.Run())
}
