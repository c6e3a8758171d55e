package runtime

import (
	"bufio"
	"encoding/gob"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"sync"

	"huaweicloud.com/go-runtime/pkg/runtime/common"
	"huaweicloud.com/go-runtime/pkg/runtime/fnhandler"
)

// What a platform calls.
const (
	invoke      = "Function.Invoke"
	healthCheck = "Function.HealthCheck"
	initialize  = "Function.Initialize"
	preStop     = "Function.PreStop"
)

func run(function *fnhandler.Function, method string, request *common.InvokeRequest, response *common.InvokeResponse) error {
	switch method {
	case invoke:
		return function.Invoke(request, response)
	case healthCheck:
		return function.HealthCheck(&common.HealthCheckRequest{}, &common.HealthCheckResponse{})
	case initialize:
		return function.Initialize(request, response)
	case preStop:
		return function.PreStop(request, response)
	}
	return errors.New("rpc: can't find method " + method)
}

// Headers of net/rpc; gob goes by the names of the fields.
type (
	requestHeader struct {
		ServiceMethod string
		Seq           uint64
	}
	responseHeader struct {
		ServiceMethod string
		Seq           uint64
		Error         string
	}
)

// listenAndServe speaks net/rpc over HTTP. The packages of that name would triple the size of a small program, and the time of its start.
func listenAndServe(address string, function *fnhandler.Function) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go serveConnection(conn, function)
	}
}

// connection is one client of net/rpc.
type connection struct {
	function *fnhandler.Function

	mutex   sync.Mutex
	out     *bufio.Writer
	encoder *gob.Encoder
}

func serveConnection(conn net.Conn, function *fnhandler.Function) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	if !connected(in) {
		io.WriteString(conn, "HTTP/1.0 405 must CONNECT\n\n")
		return
	}
	io.WriteString(conn, "HTTP/1.0 200 Connected to Go RPC\n\n")
	out := bufio.NewWriter(conn)
	served := &connection{function: function, out: out, encoder: gob.NewEncoder(out)}
	decoder := gob.NewDecoder(in)
	for {
		var header requestHeader
		if decoder.Decode(&header) != nil {
			return
		}
		var request common.InvokeRequest
		var err error
		switch header.ServiceMethod {
		case invoke, initialize, preStop:
			err = decoder.Decode(&request)
		default:
			err = decoder.DecodeValue(reflect.Value{})
		}
		if err != nil {
			return
		}
		go served.answer(header, &request)
	}
}

// connected reads the head of an HTTP request; true when its method is CONNECT.
func connected(in *bufio.Reader) bool {
	first, err := in.ReadString('\n')
	for line := first; err == nil && strings.TrimSpace(line) != ""; {
		line, err = in.ReadString('\n')
	}
	return err == nil && strings.HasPrefix(first, "CONNECT ")
}

func (c *connection) answer(header requestHeader, request *common.InvokeRequest) {
	var response common.InvokeResponse
	err := fnhandler.ErrNoReturn
	defer func() { c.send(header, err, &response) }()
	err = run(c.function, header.ServiceMethod, request, &response)
}

func (c *connection) send(header requestHeader, err error, response *common.InvokeResponse) {
	answer := responseHeader{ServiceMethod: header.ServiceMethod, Seq: header.Seq}
	if err != nil {
		answer.Error = err.Error()
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.encoder.Encode(answer) != nil || c.encoder.Encode(bodyOf(header.ServiceMethod, err, response)) != nil {
		// The client is gone; reading finds it out.
		return
	}
	c.out.Flush()
}

func bodyOf(method string, err error, response *common.InvokeResponse) interface{} {
	if err != nil && err.Error() != "" {
		return struct{}{}
	}
	if err != nil {
		// As net/rpc has it: an error without text is an empty answer.
		return &common.InvokeResponse{}
	}
	if method == healthCheck {
		return &common.HealthCheckResponse{}
	}
	return response
}
