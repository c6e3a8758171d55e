// Package common holds what the other packages of the runtime share: the logger of functions and the messages of net/rpc.
package common

// RuntimeLogger writes lines of a function's log.
type RuntimeLogger interface {
	// Logf writes one line: time, request id and the formatted text.
	Logf(format string, args ...interface{})
}

// InvokeRequest asks for one run of the handler.
type InvokeRequest struct {
	// Payload is the event as it came.
	Payload []byte
	// Header carries the request's id, credentials and more; Context answers from it.
	Header Header
}

// Header is as http.Header, without the weight of its package. Keys are in canonical form, as in `X-Cff-Request-Id`.
type Header map[string][]string

// Get is the first value of a key, or empty.
func (h Header) Get(key string) string {
	if values := h[key]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// InvokeResponse is the result of one run.
type InvokeResponse struct {
	// StatusCode is 200 for a result.
	StatusCode int
	Payload    []byte
}

// HealthCheckRequest asks for a sign of life.
type HealthCheckRequest struct{}

// HealthCheckResponse is one.
type HealthCheckResponse struct{}
