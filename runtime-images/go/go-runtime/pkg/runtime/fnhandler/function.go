package fnhandler

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime/common"
)

const (
	asynchronous = "async"

	statusOK         = 200
	statusBadRequest = 400
	statusFailed     = 500
	statusTooLarge   = 507
	statusPanicked   = 555
)

// Hooks are what a program may do at the beginning and at the end of an instance.
type Hooks struct {
	Initializer func(ctx context.RuntimeContext) error
	PreStop     func(ctx context.RuntimeContext) error
}

// Function is what the platform calls by net/rpc: Function.Invoke and the like.
type Function struct {
	handler  IRequestHandler
	hooks    Hooks
	settings settings
	maxBytes int
}

// NewFunction serves a handler.
func NewFunction(handler IRequestHandler, hooks Hooks) *Function {
	made := &Function{handler: handler, hooks: hooks, settings: readSettings()}
	if limit := os.Getenv("RUNTIME_MAX_RESP_BODY_SIZE"); limit != "" {
		var err error
		if made.maxBytes, err = strconv.Atoi(limit); err != nil {
			log.Printf("RUNTIME_MAX_RESP_BODY_SIZE is no number: %q", limit)
		}
	}
	return made
}

// HealthCheck answers while the program works.
func (f *Function) HealthCheck(*common.HealthCheckRequest, *common.HealthCheckResponse) error {
	return nil
}

// Initialize runs what the program set with RegisterInitializer.
func (f *Function) Initialize(request *common.InvokeRequest, _ *common.InvokeResponse) error {
	return f.hook("initializer", f.hooks.Initializer, request)
}

// PreStop runs what the program set with RegisterPreStop.
func (f *Function) PreStop(request *common.InvokeRequest, _ *common.InvokeResponse) error {
	return f.hook("pre-stop hook", f.hooks.PreStop, request)
}

func (f *Function) hook(role string, run func(context.RuntimeContext) error, request *common.InvokeRequest) (failure error) {
	ctx := newContext(&f.settings, request.Header)
	defer func() {
		if reason := recover(); reason != nil {
			failure = f.panicked(ctx, reason, false)
		}
	}()
	if run == nil {
		return newError(statusFailed, "FunctionConfigError", "the program has no "+role)
	}
	if err := run(ctx); err != nil {
		return newError(statusFailed, "FunctionReturnError", hidePlaces(err.Error()))
	}
	return nil
}

// Invoke runs the handler once.
func (f *Function) Invoke(request *common.InvokeRequest, response *common.InvokeResponse) (failure error) {
	if request.Payload == nil {
		return &InvokeError{statusBadRequest, "bad request parameters"}
	}
	ctx := newContext(&f.settings, request.Header)
	async := request.Header.Get("X-Cff-Invoke-Type") == asynchronous
	defer func() {
		if reason := recover(); reason != nil {
			failure = f.panicked(ctx, reason, async)
		}
	}()
	value, err := f.handler.Handle(request.Payload, ctx)
	if err != nil {
		message := hidePlaces(err.Error())
		ctx.Logf("%s", message)
		return newError(statusFailed, "FunctionReturnError", message)
	}
	response.StatusCode = statusOK
	if async {
		return nil
	}
	if response.Payload, err = payloadOf(value); err != nil {
		message := "function result is invalid, error: " + err.Error()
		ctx.Logf("%s", message)
		return newError(statusFailed, "FunctionResultInvalid", message)
	}
	if size := len(response.Payload); f.maxBytes > 0 && size > f.maxBytes {
		message := fmt.Sprintf("Response body size '%d' larger than max value '%d'.", size, f.maxBytes)
		ctx.Logf("%s", message)
		return newError(statusTooLarge, "FunctionResponseTooLarge", message)
	}
	return nil
}

func (f *Function) panicked(ctx *requestContext, reason interface{}, async bool) error {
	message, stack := hidePlaces(fmt.Sprintf("%+v", reason)), panicStack()
	ctx.Logf("the function's code panicked: %s%s", message, indented(stack))
	if async {
		// The platform of an asynchronous request learns nothing else.
		return &InvokeError{statusPanicked, ""}
	}
	return newError(statusPanicked, "panic", message, stack...)
}

func payloadOf(value interface{}) ([]byte, error) {
	switch plain := value.(type) {
	case nil:
		return nil, nil
	case string:
		return []byte(plain), nil
	case []byte:
		return plain, nil
	}
	return json.Marshal(value)
}
