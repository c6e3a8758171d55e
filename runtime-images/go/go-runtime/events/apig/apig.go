// Package apig holds the event of API gateway triggers and the answer to it.
package apig

import (
	"encoding/base64"
	"encoding/json"

	"huaweicloud.com/go-runtime/events/internal/text"
)

// APIGTriggerEvent is an HTTP request.
type APIGTriggerEvent struct {
	IsBase64Encoded bool   `json:"isBase64Encoded"`
	HttpMethod      string `json:"httpMethod"`
	Path            string `json:"path"`
	// Body is Base64 when IsBase64Encoded says so; GetRawBody decodes it.
	Body                  string             `json:"body"`
	PathParameters        map[string]string  `json:"pathParameters"`
	RequestContext        APIGRequestContext `json:"requestContext"`
	Headers               map[string]string  `json:"headers"`
	QueryStringParameters map[string]string  `json:"queryStringParameters"`
	UserData              string             `json:"user_data"`
}

// APIGRequestContext says which API was called, and by whom.
type APIGRequestContext struct {
	ApiId     string `json:"apiId"`
	RequestId string `json:"requestId"`
	Stage     string `json:"stage"`
	SourceIp  string `json:"sourceIp"`
}

// APIGTriggerResponse is what the handler returns.
type APIGTriggerResponse struct {
	Body            string            `json:"body"`
	Headers         map[string]string `json:"headers"`
	StatusCode      int               `json:"statusCode"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// MarshalJSON writes headers that were never set as none: the gateway wants an object.
func (r APIGTriggerResponse) MarshalJSON() ([]byte, error) {
	type plain APIGTriggerResponse
	if r.Headers == nil {
		r.Headers = map[string]string{}
	}
	return json.Marshal(plain(r))
}

// GetRawBody is the decoded body; empty when it is not Base64.
func (e *APIGTriggerEvent) GetRawBody() string {
	decoded, err := base64.StdEncoding.DecodeString(e.Body)
	if err != nil {
		return ""
	}
	return string(decoded)
}

func (e *APIGTriggerEvent) String() string { return text.Of("APIGTriggerEvent", *e) }

func (c APIGRequestContext) String() string {
	type plain APIGRequestContext
	return text.Of("APIGRequestContext", plain(c))
}

// SetBase64EncodedBody sets the body in Base64. IsBase64Encoded must be set too.
func (r *APIGTriggerResponse) SetBase64EncodedBody(body string) {
	r.Body = base64.StdEncoding.EncodeToString([]byte(body))
}
