package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// hook is a handler of the function's life with its time.
type hook struct {
	Handler        string  `json:"handler"`
	TimeoutSeconds float64 `json:"timeoutSeconds"`
}

// load is LOAD's payload.
type load struct {
	CodeRoot    string            `json:"codeRoot"`
	Handler     string            `json:"handler"`
	Initializer *hook             `json:"initializer"`
	PreStop     *hook             `json:"preStop"`
	Concurrency int               `json:"concurrency"`
	Environment map[string]string `json:"environment"`
	UserData    map[string]string `json:"userData"`
	Function    struct {
		Name           string `json:"name"`
		Version        string `json:"version"`
		Package        string `json:"package"`
		ProjectID      string `json:"projectId"`
		TimeoutSeconds int    `json:"timeoutSeconds"`
		MemoryMb       int    `json:"memoryMb"`
		CPUMillicores  int    `json:"cpuMillicores"`
	} `json:"function"`
	Credentials struct {
		AccessKey         string `json:"accessKey"`
		SecretKey         string `json:"secretKey"`
		SecurityAccessKey string `json:"securityAccessKey"`
		SecuritySecretKey string `json:"securitySecretKey"`
		SecurityToken     string `json:"securityToken"`
		Token             string `json:"token"`
	} `json:"credentials"`
	MaxResponseBytes int `json:"maxResponseBytes"`
	LoadTimeoutMs    int `json:"loadTimeoutMs"`
}

// environment is that of the function's program: its Context reads RUNTIME_* there.
func (l *load) environment() []string {
	userData, _ := json.Marshal(l.UserData)
	values := map[string]string{
		"RUNTIME_PROJECT_ID":         l.Function.ProjectID,
		"RUNTIME_FUNC_NAME":          l.Function.Name,
		"RUNTIME_FUNC_VERSION":       l.Function.Version,
		"RUNTIME_PACKAGE":            l.Function.Package,
		"RUNTIME_HANDLER":            l.Handler,
		"RUNTIME_TIMEOUT":            strconv.Itoa(l.Function.TimeoutSeconds),
		"RUNTIME_MEMORY":             strconv.Itoa(l.Function.MemoryMb),
		"RUNTIME_CPU":                strconv.Itoa(l.Function.CPUMillicores),
		"RUNTIME_USERDATA":           string(userData),
		"RUNTIME_MAX_RESP_BODY_SIZE": strconv.Itoa(l.MaxResponseBytes),
		"RUNTIME_CODE_ROOT":          l.CodeRoot,
	}
	for _, pair := range os.Environ() {
		key, value, _ := strings.Cut(pair, "=")
		values[key] = value
	}
	for key, value := range l.Environment {
		values[key] = value
	}
	pairs := make([]string, 0, len(values)+1)
	for key, value := range values {
		pairs = append(pairs, key+"="+value)
	}
	sort.Strings(pairs)
	return pairs
}

// folder is where the work begins: the parent of the code, or the code's own where the parent is closed to the function's user.
func (l *load) folder() string {
	parent := filepath.Dir(l.CodeRoot)
	opened, err := os.Open(parent)
	if err != nil {
		return l.CodeRoot
	}
	opened.Close()
	return parent
}

// header holds what every request of the function carries alike.
func (l *load) header() map[string]string {
	return map[string]string{
		"X-Cff-Access-Key":          l.Credentials.AccessKey,
		"X-Cff-Secret-Key":          l.Credentials.SecretKey,
		"X-Cff-Auth-Token":          l.Credentials.Token,
		"X-Cff-Security-Access-Key": l.Credentials.SecurityAccessKey,
		"X-Cff-Security-Secret-Key": l.Credentials.SecuritySecretKey,
		"X-Cff-Security-Token":      l.Credentials.SecurityToken,
	}
}
