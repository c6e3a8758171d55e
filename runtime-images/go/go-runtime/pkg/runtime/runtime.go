// Package runtime turns a program into a function: main calls Register with the handler.
package runtime

import (
	"log"
	"os"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime/fnhandler"
)

var hooks fnhandler.Hooks

// Register serves the handler and does not return. Its form:
//
//	func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error)
//
// The first result may be of any type: text and bytes go out as they are, nil as nothing, everything else as JSON.
func Register(handler interface{}) {
	made, err := fnhandler.Make(handler)
	if err != nil {
		log.Fatal("runtime.Register: ", err)
	}
	RegisterHandler(made)
}

// RegisterHandler serves a handler that is an object, and does not return.
func RegisterHandler(handler fnhandler.IRequestHandler) {
	function := fnhandler.NewFunction(handler, hooks)
	if serveChannel(function) {
		return
	}
	log.Fatal("runtime.Register: ", listenAndServe(os.Getenv("RUNTIME_API_ADDR"), function))
}

// RegisterInitializer sets what runs once in each instance before its first request, where the function has an initializer. Call it
// before Register.
func RegisterInitializer(initializer func(ctx context.RuntimeContext) error) {
	hooks.Initializer = initializer
}

// RegisterPreStop sets what runs before an instance ends, where the function has a pre-stop hook. Call it before Register.
func RegisterPreStop(hook func(ctx context.RuntimeContext) error) {
	hooks.PreStop = hook
}
