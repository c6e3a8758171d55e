package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	firstTry = 200 * time.Microsecond
	lastTry  = 5 * time.Millisecond
)

// program is the function's own: a server of net/rpc on RUNTIME_API_ADDR.
type program struct {
	pid    int
	calls  caller
	output *output
	// closed when the process has ended and everything it printed is written.
	ended  chan struct{}
	status syscall.WaitStatus
	// What it said of a panic, and its last line.
	words []string
	last  string
}

// startProgram runs the file and waits until it serves.
func startProgram(settings *load, out *output, writeEnd int) (*program, *failure) {
	address, err := freeAddress()
	if err != nil {
		return nil, loadFailure("FunctionLoadError", "no port is free: %v", err)
	}
	fast, itsEnd, err := newChannel()
	if err != nil {
		return nil, loadFailure("FunctionLoadError", "%v", err)
	}
	started := &program{output: out, ended: make(chan struct{})}
	file := filepath.Join(settings.CodeRoot, settings.Handler)
	environment := append(settings.environment(), "RUNTIME_API_ADDR="+address, fmt.Sprintf("%s=3,%d", channelVariable, settings.Concurrency))
	if err := started.run(file, environment, settings.folder(), []int{writeEnd, itsEnd}); err != nil {
		return nil, cannotRun(file, err)
	}
	patience := time.Duration(settings.LoadTimeoutMs) * time.Millisecond * 9 / 10
	if failed := started.greet(fast, address, filepath.Base(file), patience); failed != nil {
		return nil, failed
	}
	return started, nil
}

// greet waits for the program to say that it serves the channel, or to listen for net/rpc.
func (p *program) greet(fast *channel, address, name string, patience time.Duration) *failure {
	late := time.After(patience)
	for pause := firstTry; ; pause = longer(pause) {
		select {
		case <-fast.ready:
			p.serveBy(fast)
			return nil
		case <-p.ended:
			return p.endedEarly(name)
		case <-late:
			return loadFailure("FunctionLoadError",
				"'./%s' did not serve within %v: main must call runtime.Register(handler) before it does anything long", name, patience)
		case <-time.After(pause):
		}
		calls, err := dial(address)
		var refused *net.OpError
		if errors.As(err, &refused) {
			continue
		}
		fast.close()
		if err == nil {
			// The first call also pays for what both ends must learn of each other's types.
			_, err = calls.call("Function.HealthCheck", &invokeRequest{})
		}
		if err == nil {
			p.serveBy(calls)
			return nil
		}
		return loadFailure("FunctionConfigError",
			"'./%s' listens on RUNTIME_API_ADDR but does not serve Function.Invoke there (%v): main must call runtime.Register(handler) of huaweicloud.com/go-runtime/pkg/runtime",
			name, err)
	}
}

func longer(pause time.Duration) time.Duration {
	if pause > lastTry {
		return pause
	}
	return pause * 5 / 4
}

// serveBy takes a way to call the program. One that calls no longer reach is ended: nobody could use it.
func (p *program) serveBy(way caller) {
	p.calls = way
	go func() {
		<-way.lost()
		if pid := theProgram.Load(); pid > 0 {
			syscall.Kill(int(pid), syscall.SIGKILL)
		}
	}()
}

// run starts the process with its ends of output and channel, from a thread that lives as long: the death signal is tied to that thread.
func (p *program) run(file string, environment []string, folder string, ends []int) error {
	nothing, err := syscall.Open(os.DevNull, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		pid, err := syscall.ForkExec(file, []string{file}, &syscall.ProcAttr{
			Dir:   folder,
			Env:   environment,
			Files: []uintptr{uintptr(nothing), uintptr(ends[0]), uintptr(ends[0]), uintptr(ends[1])},
			Sys:   &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL},
		})
		syscall.Close(nothing)
		for _, end := range ends {
			syscall.Close(end)
		}
		p.pid = pid
		theProgram.Store(int64(pid))
		failed <- err
		if err == nil {
			p.wait()
		}
	}()
	if err := <-failed; err != nil {
		return err
	}
	go p.output.pump()
	return nil
}

func (p *program) wait() {
	for {
		_, err := syscall.Wait4(p.pid, &p.status, 0, nil)
		if err != syscall.EINTR {
			break
		}
	}
	theProgram.Store(0)
	p.words, p.last = p.output.finish()
	close(p.ended)
}

// exitCode is the program's own; for a signal 128 and its number, as shells say it.
func (p *program) exitCode() int {
	if p.status.Signaled() {
		return 128 + int(p.status.Signal())
	}
	return p.status.ExitStatus()
}

func (p *program) endedEarly(name string) *failure {
	how := fmt.Sprintf("with code %d", p.status.ExitStatus())
	if p.status.Signaled() {
		how = fmt.Sprintf("by signal %v", p.status.Signal())
	}
	if len(p.words) > 0 {
		return &failure{codeLoad, "panic", loadPrefix + strings.TrimPrefix(p.words[0], "panic: "), trimmed(p.words[1:])}
	}
	said := ""
	if p.last != "" {
		said = ": " + p.last
	}
	return loadFailure("FunctionLoadError",
		"'./%s' ended %s before it served (main must call runtime.Register(handler), which does not return)%s", name, how, said)
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// cannotRun says why the file is no program, and how to make one.
func cannotRun(file string, err error) *failure {
	name := filepath.Base(file)
	const build = "build it with CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o %s"
	info, statError := os.Stat(file)
	plugin := file[:len(file)-len(filepath.Ext(file))] + ".so"
	if _, err := os.Stat(plugin); err == nil && statError != nil {
		return loadFailure("FunctionLoadError",
			"'./%s' is a plugin, which runs only in the very Go 1.8 that built it: give its code a main that calls runtime.Register(Handler), and "+build,
			filepath.Base(plugin), name)
	}
	if statError != nil {
		return loadFailure("FunctionLoadError",
			"not found program './%s': the handler of a Go function is the name of its compiled program", name)
	}
	if !info.Mode().IsRegular() {
		return loadFailure("FunctionLoadError", "'./%s' is a folder or device, no program; "+build, name, name)
	}
	binary, elfError := elf.Open(file)
	if elfError != nil {
		return loadFailure("FunctionLoadError", "'./%s' is no Linux program; "+build, name, name)
	}
	defer binary.Close()
	switch {
	case binary.Machine != elf.EM_X86_64 && runtime.GOARCH == "amd64":
		return loadFailure("FunctionLoadError", "'./%s' is built for %v, not for x86-64; "+build, name, binary.Machine, name)
	case err == syscall.EACCES:
		return loadFailure("FunctionLoadError", "'./%s' is not executable: run chmod +x on it before it is packed", name)
	case err == syscall.ENOENT:
		return loadFailure("FunctionLoadError", "'./%s' needs shared libraries that are not here; "+build, name, name)
	}
	return loadFailure("FunctionLoadError", "'./%s' cannot be started: %v", name, err)
}
