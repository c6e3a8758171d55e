// Package fnhandler calls handlers and gives their results the form that FunctionGraph wants.
package fnhandler

import (
	"errors"
	"fmt"
	"reflect"

	"huaweicloud.com/go-runtime/go-api/context"
)

// IRequestHandler is a handler as an object.
type IRequestHandler interface {
	Handle(payload []byte, ctx context.RuntimeContext) (interface{}, error)
}

// HandlerFunc is a handler as a function.
type HandlerFunc func(payload []byte, ctx context.RuntimeContext) (interface{}, error)

// Handle calls the function.
func (f HandlerFunc) Handle(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return f(payload, ctx)
}

var (
	payloadType = reflect.TypeOf([]byte(nil))
	contextType = reflect.TypeOf((*context.RuntimeContext)(nil)).Elem()
	errorType   = reflect.TypeOf((*error)(nil)).Elem()
)

// NewHandler makes a handler of a function; one of another form answers every request with what is wrong with it.
func NewHandler(handler interface{}) IRequestHandler {
	made, err := Make(handler)
	if err != nil {
		return HandlerFunc(func([]byte, context.RuntimeContext) (interface{}, error) { return nil, err })
	}
	return made
}

// Make makes a handler of a function that takes the event's bytes and the Context, and returns a value and an error.
func Make(handler interface{}) (IRequestHandler, error) {
	switch plain := handler.(type) {
	case nil:
		return nil, errors.New("handler is nil")
	case func([]byte, context.RuntimeContext) (interface{}, error):
		if plain == nil {
			return nil, errors.New("handler is nil")
		}
		codeFolder = folderOf(reflect.ValueOf(plain))
		return HandlerFunc(plain), nil
	}
	form := reflect.TypeOf(handler)
	if form.Kind() != reflect.Func {
		return nil, fmt.Errorf("handler kind %s is not %s", form.Kind(), reflect.Func)
	}
	fits := form.NumIn() == 2 && payloadType.AssignableTo(form.In(0)) && contextType.AssignableTo(form.In(1)) &&
		form.NumOut() == 2 && form.Out(1).Implements(errorType) && !form.IsVariadic()
	if !fits {
		return nil, fmt.Errorf(
			"handler has the form %s; it must be func(payload []byte, ctx context.RuntimeContext) (interface{}, error)", form)
	}
	function := reflect.ValueOf(handler)
	codeFolder = folderOf(function)
	return HandlerFunc(func(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
		results := function.Call([]reflect.Value{reflect.ValueOf(payload), reflect.ValueOf(ctx)})
		err, _ := results[1].Interface().(error)
		return results[0].Interface(), err
	}), nil
}
