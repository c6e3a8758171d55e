// Package context holds what a function learns about itself and its request.
package context

import "huaweicloud.com/go-runtime/pkg/runtime/common"

// RuntimeContext is the second argument of a handler. Texts are empty where there is nothing to tell.
type RuntimeContext interface {
	// GetRequestID is the id of this request; a retry keeps it.
	GetRequestID() string
	// GetRemainingTimeInMilliSeconds counts down to the moment when the request is ended by force.
	GetRemainingTimeInMilliSeconds() int

	// GetAccessKey is the access key (24 hours) of the function's agency; empty without an agency, like all credentials.
	GetAccessKey() string
	// GetSecretKey belongs to GetAccessKey.
	GetSecretKey() string
	// GetSecurityAccessKey is a temporary access key of the agency, to use with GetSecuritySecretKey and GetSecurityToken.
	GetSecurityAccessKey() string
	// GetSecuritySecretKey belongs to GetSecurityAccessKey.
	GetSecuritySecretKey() string
	// GetSecurityToken belongs to GetSecurityAccessKey.
	GetSecurityToken() string
	// GetToken is an IAM token of the agency.
	GetToken() string

	// GetUserData is the function's environment variable of that name, an encrypted one in plain text; empty when there is none.
	GetUserData(key string) string
	// GetLogger writes to the log of this request.
	GetLogger() common.RuntimeLogger

	GetFunctionName() string
	// GetRunningTimeInSeconds is the function's timeout.
	GetRunningTimeInSeconds() int
	GetVersion() string
	// GetMemorySize is the function's memory in MB.
	GetMemorySize() int
	// GetCPUNumber is the function's share of processors in thousandths of one.
	GetCPUNumber() int
	GetProjectID() string
	// GetPackage is the application that the function belongs to.
	GetPackage() string
	// GetAlias is the alias that the request came by.
	GetAlias() string
	// GetOriginVersionTag is what the request named: a version, or `!` and an alias.
	GetOriginVersionTag() string

	GetWorkflowID() string
	GetWorkflowRunID() string
	GetWorkflowStateID() string

	// GetStreamEnable is `true` where the flow that calls the function takes its result as a stream.
	GetStreamEnable() string
	// GetStreamAddr is where the stream goes.
	GetStreamAddr() string
	// GetStreamRunID names the stream.
	GetStreamRunID() string
	// GetStreamToken opens the stream.
	GetStreamToken() string
}
