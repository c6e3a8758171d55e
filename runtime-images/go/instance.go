package main

import (
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// instance does what each frame of the platform says.
type instance struct {
	link    *link
	load    load
	header  map[string]string
	program *program
	memory  *memory
	workers *workers
	loaded  atomic.Bool
}

var (
	// theProgram is the process to end with this one.
	theProgram atomic.Int64
	// leaving is set when this process ends by itself, and not as its program does.
	leaving atomic.Bool
)

// leave ends this process and the function's program.
func leave(code int) {
	leaving.Store(true)
	if pid := theProgram.Load(); pid > 0 {
		syscall.Kill(int(pid), syscall.SIGKILL)
	}
	os.Exit(code)
}

func newInstance(link *link) *instance {
	return &instance{link: link}
}

// serve runs until the platform ends the link or says STOP.
func (i *instance) serve(token string) {
	hello, _ := json.Marshal(map[string]any{
		"protocol": 1, "token": token, "runtime": "go", "version": strings.TrimPrefix(runtime.Version(), "go"), "pid": os.Getpid(),
	})
	i.link.send(frame{kind: frameHello, payload: hello})
	for {
		one, err := readFrame(i.link.reader)
		if err != nil {
			leave(0)
		}
		switch one.kind {
		case frameInvoke:
			i.workers.add(one)
		case frameLoad:
			i.start(one.payload)
		case frameInit:
			go i.initialize()
		case frameHeartbeat:
			go i.beat()
		case frameStop:
			go i.stop(time.Duration(little.Uint32(one.head)) * time.Millisecond)
		}
	}
}

// start runs the function's program, beside the reading of frames: the platform may say STOP meanwhile.
func (i *instance) start(payload []byte) {
	if err := json.Unmarshal(payload, &i.load); err != nil {
		leave(1)
	}
	i.header = i.load.header()
	i.workers = newWorkers(i.load.Concurrency, i.invoke)
	go func() {
		if failed := i.startProgram(); failed != nil {
			i.link.send(errorFrame(0, spent{}, failed))
			return
		}
		i.link.send(frame{kind: frameLoaded})
	}()
}

func (i *instance) startProgram() *failure {
	out, writeEnd, err := newOutput(i.link)
	if err != nil {
		return loadFailure("FunctionLoadError", "%v", err)
	}
	started, failed := startProgram(&i.load, out, writeEnd)
	if failed != nil {
		out.log("", levelError, failed.kind+": "+failed.message)
		return failed
	}
	i.program = started
	i.memory = memoryOf(started.pid)
	i.memory.resident(time.Now())
	i.loaded.Store(true)
	go i.endWithProgram()
	return nil
}

// endWithProgram ends this process as the function's program ended, after what that said.
func (i *instance) endWithProgram() {
	<-i.program.ended
	if leaving.Load() {
		return
	}
	i.answerPanic()
	i.link.flush()
	os.Exit(i.program.exitCode())
}

func (i *instance) initialize() {
	_, err := i.program.calls.call("Function.Initialize", &invokeRequest{Header: i.hookHeader(i.load.Initializer)})
	switch {
	case err == nil:
		i.link.send(frame{kind: frameInitialized})
	case errors.Is(err, errGone):
	case hookMissing(err):
		i.refuseInit(initFailure("FunctionConfigError", "initializer '"+i.load.Initializer.Handler+"' not found in program './"+
			i.load.Handler+"': main must call runtime.RegisterInitializer before runtime.Register"))
	default:
		said := answered(err.Error(), codeInit)
		said.message = initPrefix + said.message
		i.refuseInit(said)
	}
}

func (i *instance) refuseInit(failed *failure) {
	i.program.output.log("", levelError, failed.kind+": "+strings.TrimPrefix(failed.message, initPrefix))
	i.link.send(errorFrame(0, spent{}, failed))
}

// beat answers for the function's program too. A spare instance uses its time to get ready.
func (i *instance) beat() {
	if !i.loaded.Load() {
		warmUp()
	} else if _, err := i.program.calls.call("Function.HealthCheck", &invokeRequest{}); err != nil {
		return
	}
	i.link.send(frame{kind: frameAlive})
}

// stop lets what runs end within the grace; then comes the pre-stop hook; then the end.
func (i *instance) stop(grace time.Duration) {
	leaving.Store(true)
	over := time.AfterFunc(grace, i.goodbye)
	defer over.Stop()
	if i.loaded.Load() {
		i.workers.wait()
		if i.load.PreStop != nil {
			limit := time.AfterFunc(seconds(i.load.PreStop.TimeoutSeconds), i.goodbye)
			defer limit.Stop()
			i.preStop()
		}
	}
	i.goodbye()
}

func (i *instance) preStop() {
	out := i.program.output
	_, err := i.program.calls.call("Function.PreStop", &invokeRequest{Header: i.hookHeader(i.load.PreStop)})
	switch {
	case hookMissing(err):
		out.log("", levelError, "pre-stop '"+i.load.PreStop.Handler+"' not found in program './"+i.load.Handler+
			"': main must call runtime.RegisterPreStop before runtime.Register")
	case err != nil && !errors.Is(err, errGone):
		out.log("", levelError, answered(err.Error(), codeInvoke).message)
	}
	out.settle()
}

func (i *instance) goodbye() {
	i.link.send(frame{kind: frameStopped})
	i.link.flush()
	leave(0)
}

func (i *instance) hookHeader(one *hook) map[string][]string {
	asked := request{left: seconds(one.TimeoutSeconds)}
	return asked.header(i.header, i.load.Function.Version)
}

func seconds(count float64) time.Duration {
	return time.Duration(count * float64(time.Second))
}

// hookMissing tells programs that set no such hook, and those whose runtime knows of none.
func hookMissing(err error) bool {
	return err != nil && (strings.HasPrefix(err.Error(), "rpc: can't find method ") ||
		answered(err.Error(), codeInit).kind == "FunctionConfigError")
}
