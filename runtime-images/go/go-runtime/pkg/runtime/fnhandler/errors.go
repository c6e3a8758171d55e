package fnhandler

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

const maxStackDepth = 32

// InvokeError is a failed request: a code, and as its text the JSON that callers see.
type InvokeError struct {
	ErrorCode int    `json:"error_code"`
	ErrorMsg  string `json:"error_msg"`
}

func (e *InvokeError) Error() string {
	return e.ErrorMsg
}

// ErrNoReturn answers a request whose handler neither returned nor panicked.
var ErrNoReturn error = newError(statusFailed, "FunctionReturnError", "the handler ended its goroutine (runtime.Goexit) and returned nothing")

func newError(code int, kind, message string, stack ...string) *InvokeError {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	// Texts alone: it cannot fail.
	_ = encoder.Encode(struct {
		ErrorMessage string   `json:"errorMessage"`
		ErrorType    string   `json:"errorType,omitempty"`
		StackTrace   []string `json:"stackTrace,omitempty"`
	}{message, kind, stack})
	return &InvokeError{code, strings.TrimSuffix(text.String(), "\n")}
}

// panicStack is the handler's part of a panicking stack, a call and its place in turn.
func panicStack() []string {
	counters := make([]uintptr, 4*maxStackDepth)
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters)])
	var lines []string
	for {
		frame, more := frames.Next()
		name := frame.Function
		if strings.HasSuffix(name, "fnhandler.(*Function).Invoke") || strings.HasSuffix(name, "fnhandler.(*Function).hook") {
			break
		}
		if !ours(name) {
			lines = append(lines, shortName(name)+"()", "    "+place(frame.File)+":"+strconv.Itoa(frame.Line))
		}
		if !more || len(lines) == 2*maxStackDepth {
			break
		}
	}
	return lines
}

func ours(name string) bool {
	return strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "reflect.") ||
		strings.Contains(name, "go-runtime/pkg/runtime/fnhandler.")
}

// shortName leaves out the path of the package.
func shortName(name string) string {
	name = name[strings.LastIndex(name, "/")+1:]
	return name[strings.Index(name, ".")+1:]
}

// codeFolder is where the handler's file lay when it was compiled.
var codeFolder string

func folderOf(function reflect.Value) string {
	file, _ := runtime.FuncForPC(function.Pointer()).FileLine(function.Pointer())
	return path.Dir(file) + "/"
}

// place is a file without the folders it was built in.
func place(file string) string {
	if codeFolder != "" && strings.HasPrefix(file, codeFolder) {
		return "./" + file[len(codeFolder):]
	}
	for _, folder := range []string{"/pkg/mod/", "/src/"} {
		if at := strings.Index(file, folder); at >= 0 {
			return file[at+len(folder):]
		}
	}
	return file
}

// hidePlaces writes the code folder as a dot.
func hidePlaces(text string) string {
	if root := os.Getenv("RUNTIME_CODE_ROOT"); root != "" {
		text = strings.Replace(text, root, ".", -1)
	}
	return text
}

func indented(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "\n" + strings.Join(lines, "\n")
}
