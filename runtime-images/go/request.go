package main

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// meta is the optional part of INVOKE.
type meta struct {
	Alias           string `json:"alias"`
	InvokeType      string `json:"invokeType"`
	WorkflowID      string `json:"workflowId"`
	WorkflowRunID   string `json:"workflowRunId"`
	WorkflowStateID string `json:"workflowStateId"`
	TraceID         string `json:"traceId"`
	Stream          *struct {
		RunID   string `json:"runId"`
		Token   string `json:"token"`
		Address string `json:"address"`
	} `json:"stream"`
}

// request is one call from INVOKE to its RESULT or ERROR.
type request struct {
	id   string
	left time.Duration
	meta meta
}

func readRequest(head []byte) request {
	milliseconds, end := little.Uint32(head), 5+int(head[4])
	read := request{id: string(head[5:end]), left: time.Duration(milliseconds) * time.Millisecond}
	if end < len(head) {
		// The platform writes it; without it the values are empty.
		_ = json.Unmarshal(head[end:], &read.meta)
	}
	return read
}

// header is what the function's Context is made from. @param common what all requests carry; @param version of the function
func (r request) header(common map[string]string, version string) map[string][]string {
	values := make(map[string][]string, 16)
	put := func(key, value string) {
		if value != "" {
			values[key] = []string{value}
		}
	}
	for key, value := range common {
		put(key, value)
	}
	put("X-Cff-Request-Id", r.id)
	put("X-Cff-Invoke-Type", r.meta.InvokeType)
	put("X-Cff-Workflow-Id", r.meta.WorkflowID)
	put("X-Cff-Workflow-Run-Id", r.meta.WorkflowRunID)
	put("X-Cff-Workflow-State-Id", r.meta.WorkflowStateID)
	put("X-Cff-Trace-Id", r.meta.TraceID)
	if stream := r.meta.Stream; stream != nil {
		put("X-Stream-Enable", "true")
		put("X-Stream-Run-Id", stream.RunID)
		put("X-Stream-Token", stream.Token)
		put("X-Stream-Addr", stream.Address)
	}
	put("X-Cff-Milliseconds-Left", strconv.FormatInt(r.left.Milliseconds(), 10))
	if r.meta.Alias == "" {
		put("X-Cff-Origin-Version-Tag", version)
	} else {
		put("X-Cff-Origin-Version-Tag", "!"+r.meta.Alias)
	}
	return values
}

// invoke carries one call to the function's program and its answer back.
func (i *instance) invoke(frame frame) {
	one := readRequest(frame.head)
	began := time.Now()
	i.program.output.begin(one.id, frame.call)
	response, err := i.program.calls.call("Function.Invoke",
		&invokeRequest{frame.payload, one.header(i.header, i.load.Function.Version)})
	if errors.Is(err, errGone) {
		// Whoever waits for the program's end says the rest.
		return
	}
	failed := failureOf(response, err)
	i.program.output.end(one.id)
	now := time.Now()
	cost := spent{uint32(now.Sub(began).Microseconds()), i.memory.resident(now)}
	if failed != nil {
		i.link.send(errorFrame(frame.call, cost, failed))
		return
	}
	if len(response.Payload) > i.load.MaxResponseBytes {
		i.link.send(errorFrame(frame.call, cost, tooLarge(len(response.Payload), i.load.MaxResponseBytes)))
		return
	}
	i.link.send(resultFrame(frame.call, cost, response.Payload))
}

func failureOf(response *invokeResponse, err error) *failure {
	if err != nil {
		return answered(err.Error(), codeInvoke)
	}
	if response.StatusCode != 200 {
		// What the runtime of FunctionGraph answers when the handler of an asynchronous request panics.
		return &failure{codeInvoke, "panic", "the handler panicked; the log holds the reason", nil}
	}
	return nil
}
