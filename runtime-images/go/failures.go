package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Inner codes (../PROTOCOL.md).
const (
	codeLoad            = 4001
	codeInvoke          = 4002
	codeTooLarge        = 4004
	codeNotSerialisable = 4007
	codeInit            = 4009
	codeDiskFull        = 4207
)

const (
	loadPrefix = "function entry exception, error: "
	initPrefix = "function initialization exception, error: "
)

// Errors are read by people, and must fit into a frame: bytes of one text, and lines of a stack.
const (
	mostText  = 64 << 10
	mostLine  = 4 << 10
	mostLines = 100
)

// failure is what an ERROR frame says.
type failure struct {
	code    uint16
	kind    string
	message string
	stack   []string
}

func loadFailure(kind, message string, values ...any) *failure {
	return &failure{codeLoad, kind, loadPrefix + fmt.Sprintf(message, values...), nil}
}

func initFailure(kind, message string) *failure {
	return &failure{codeInit, kind, initPrefix + message, nil}
}

func tooLarge(size, limit int) *failure {
	message := fmt.Sprintf("Response body size '%d' larger than max value '%d'.", size, limit)
	return &failure{codeTooLarge, "FunctionResponseTooLarge", message, nil}
}

// body is the JSON that callers of the function see.
func (f *failure) body() []byte {
	stack := make([]string, 0, len(f.stack))
	for at, line := range f.stack {
		if at == mostLines {
			stack = append(stack, fmt.Sprintf("… %d more", len(f.stack)-mostLines))
			break
		}
		stack = append(stack, shortened(line, mostLine))
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	// Texts alone: it cannot fail.
	_ = encoder.Encode(struct {
		ErrorMessage string   `json:"errorMessage"`
		ErrorType    string   `json:"errorType"`
		StackTrace   []string `json:"stackTrace"`
	}{shortened(f.message, mostText), shortened(f.kind, mostLine), stack})
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// shortened keeps the first bytes of a text, and no half of a character.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// answered reads the error text of the function's program: what the Go runtime of FunctionGraph writes is JSON of the same form.
func answered(text string, code uint16) *failure {
	var said struct {
		ErrorMessage string   `json:"errorMessage"`
		ErrorType    string   `json:"errorType"`
		StackTrace   []string `json:"stackTrace"`
	}
	if json.Unmarshal([]byte(text), &said) != nil || said.ErrorType == "" {
		return &failure{code, "FunctionReturnError", text, nil}
	}
	switch {
	case said.ErrorType == "FunctionResponseTooLarge":
		code = codeTooLarge
	case said.ErrorType == "FunctionResultInvalid":
		code = codeNotSerialisable
	case strings.Contains(said.ErrorMessage, "no space left on device"):
		code = codeDiskFull
	}
	return &failure{code, said.ErrorType, said.ErrorMessage, said.StackTrace}
}
