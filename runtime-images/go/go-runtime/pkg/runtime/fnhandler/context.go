package fnhandler

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"huaweicloud.com/go-runtime/pkg/runtime/common"
)

const (
	logTime        = "2006-01-02 15:04:05.999-07:00"
	defaultTimeout = 3
)

// settings are what the environment tells of the function.
type settings struct {
	project, name, version, group string
	timeoutSeconds, memory, cpu   int
	userData                      map[string]string
}

func readSettings() settings {
	read := settings{
		project:        os.Getenv("RUNTIME_PROJECT_ID"),
		name:           os.Getenv("RUNTIME_FUNC_NAME"),
		version:        os.Getenv("RUNTIME_FUNC_VERSION"),
		group:          os.Getenv("RUNTIME_PACKAGE"),
		timeoutSeconds: number("RUNTIME_TIMEOUT", defaultTimeout),
		memory:         number("RUNTIME_MEMORY", 0),
		cpu:            number("RUNTIME_CPU", 0),
	}
	if text := os.Getenv("RUNTIME_USERDATA"); text != "" {
		if err := json.Unmarshal([]byte(text), &read.userData); err != nil {
			log.Printf("RUNTIME_USERDATA is no JSON object of texts: %v", err)
		}
	}
	return read
}

func number(variable string, missing int) int {
	text := os.Getenv(variable)
	if text == "" {
		return missing
	}
	value, err := strconv.Atoi(text)
	if err != nil {
		log.Printf("%s is no number: %q", variable, text)
	}
	return value
}

// requestContext is the Context of one request, and its logger.
type requestContext struct {
	*settings
	header   common.Header
	deadline time.Time
}

func newContext(function *settings, header common.Header) *requestContext {
	left := time.Duration(function.timeoutSeconds) * time.Second
	if exact, err := strconv.Atoi(header.Get("X-Cff-Milliseconds-Left")); err == nil {
		left = time.Duration(exact) * time.Millisecond
	}
	return &requestContext{function, header, time.Now().Add(left)}
}

func (c *requestContext) GetRemainingTimeInMilliSeconds() int {
	left := time.Until(c.deadline) / time.Millisecond
	if left < 0 {
		return 0
	}
	return int(left)
}

// Logf writes in one go, so that lines of several requests do not mix.
func (c *requestContext) Logf(format string, args ...interface{}) {
	fmt.Println(time.Now().Format(logTime), c.GetRequestID(), fmt.Sprintf(format, args...))
}

func (c *requestContext) GetLogger() common.RuntimeLogger { return c }

func (c *requestContext) GetFunctionName() string       { return c.name }
func (c *requestContext) GetVersion() string            { return c.version }
func (c *requestContext) GetProjectID() string          { return c.project }
func (c *requestContext) GetPackage() string            { return c.group }
func (c *requestContext) GetRunningTimeInSeconds() int  { return c.timeoutSeconds }
func (c *requestContext) GetMemorySize() int            { return c.memory }
func (c *requestContext) GetCPUNumber() int             { return c.cpu }
func (c *requestContext) GetUserData(key string) string { return c.userData[key] }

func (c *requestContext) GetRequestID() string { return c.header.Get("X-Cff-Request-Id") }
func (c *requestContext) GetAccessKey() string { return c.header.Get("X-Cff-Access-Key") }
func (c *requestContext) GetSecretKey() string { return c.header.Get("X-Cff-Secret-Key") }
func (c *requestContext) GetSecurityAccessKey() string {
	return c.header.Get("X-Cff-Security-Access-Key")
}
func (c *requestContext) GetSecuritySecretKey() string {
	return c.header.Get("X-Cff-Security-Secret-Key")
}
func (c *requestContext) GetSecurityToken() string { return c.header.Get("X-Cff-Security-Token") }
func (c *requestContext) GetToken() string         { return c.header.Get("X-Cff-Auth-Token") }
func (c *requestContext) GetOriginVersionTag() string {
	return c.header.Get("X-Cff-Origin-Version-Tag")
}
func (c *requestContext) GetWorkflowID() string      { return c.header.Get("X-Cff-Workflow-Id") }
func (c *requestContext) GetWorkflowRunID() string   { return c.header.Get("X-Cff-Workflow-Run-Id") }
func (c *requestContext) GetWorkflowStateID() string { return c.header.Get("X-Cff-Workflow-State-Id") }
func (c *requestContext) GetStreamRunID() string     { return c.header.Get("X-Stream-Run-Id") }
func (c *requestContext) GetStreamEnable() string    { return c.header.Get("X-Stream-Enable") }
func (c *requestContext) GetStreamToken() string     { return c.header.Get("X-Stream-Token") }
func (c *requestContext) GetStreamAddr() string      { return c.header.Get("X-Stream-Addr") }

func (c *requestContext) GetAlias() string {
	tag := c.GetOriginVersionTag()
	if !strings.HasPrefix(tag, "!") {
		return ""
	}
	return tag[1:]
}
