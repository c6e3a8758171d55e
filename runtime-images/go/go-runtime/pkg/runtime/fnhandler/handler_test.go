package fnhandler

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"huaweicloud.com/go-runtime/go-api/context"
)

func TestForms(t *testing.T) {
	forms := []struct {
		name    string
		handler interface{}
		refusal string
	}{
		{"the documented form", func([]byte, context.RuntimeContext) (interface{}, error) { return "ok", nil }, ""},
		{"a result of its own type", func([]byte, context.RuntimeContext) (string, error) { return "ok", nil }, ""},
		{"raw JSON", func(json.RawMessage, context.RuntimeContext) (interface{}, error) { return "ok", nil }, ""},
		{"any context", func([]byte, interface{}) (interface{}, error) { return "ok", nil }, ""},
		{"nothing", nil, "handler is nil"},
		{"no function", 1, "handler kind int is not func"},
		{"no context", func([]byte) (interface{}, error) { return nil, nil }, "it must be func(payload []byte"},
		{"no error", func([]byte, context.RuntimeContext) interface{} { return nil }, "it must be func(payload []byte"},
		{"text", func(string, context.RuntimeContext) (interface{}, error) { return nil, nil }, "it must be func(payload []byte"},
	}
	for _, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			value, err := NewHandler(form.handler).Handle([]byte("{}"), newContext(&settings{}, nil))
			if form.refusal != "" {
				if err == nil || !strings.Contains(err.Error(), form.refusal) {
					t.Errorf("got %v, want %s", err, form.refusal)
				}
			} else if value != "ok" || err != nil {
				t.Errorf("got %v, %v", value, err)
			}
		})
	}
}

func TestErrorsAreKept(t *testing.T) {
	handler := NewHandler(func([]byte, context.RuntimeContext) (*int, error) { return nil, errors.New("no") })
	if _, err := handler.Handle(nil, newContext(&settings{}, nil)); err == nil || err.Error() != "no" {
		t.Errorf("got %v", err)
	}
}
