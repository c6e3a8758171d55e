package main

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"sync"
	"time"
)

const handshakeTime = 2 * time.Second

// What net/rpc and the Go runtime of FunctionGraph put on the wire; gob goes by the names of the fields.
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
	invokeRequest struct {
		Payload []byte
		Header  map[string][]string
	}
	invokeResponse struct {
		StatusCode int
		Payload    []byte
	}
)

// errGone ends calls whose program went away.
var errGone = errors.New("the function's program is gone")

// refusal is an error that the function's program answered.
type refusal string

func (r refusal) Error() string { return string(r) }

// caller runs methods of the function's program; a refusal says what it answered, errGone that it ended.
type caller interface {
	call(method string, request *invokeRequest) (*invokeResponse, error)
	// lost is closed when no call gets through any more.
	lost() <-chan struct{}
}

// calls is a client of net/rpc over HTTP, without the weight of package net/http: many calls at once on one connection.
type calls struct {
	*table
	sending sync.Mutex
	out     *bufio.Writer
	encoder *gob.Encoder
}

// dial connects to a program that listens. The error is a *net.OpError while nobody does.
func dial(address string) (*calls, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	// Whoever listens there may be no server of this kind.
	conn.SetDeadline(time.Now().Add(handshakeTime))
	in := bufio.NewReader(conn)
	io.WriteString(conn, "CONNECT /_goRPC_ HTTP/1.0\n\n")
	status, err := in.ReadString('\n')
	if err == nil && status != "HTTP/1.0 200 Connected to Go RPC\n" {
		err = fmt.Errorf("it answered %q", status)
	}
	if err == nil {
		_, err = in.ReadString('\n')
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	conn.SetDeadline(time.Time{})
	out := bufio.NewWriter(conn)
	client := &calls{table: newTable(), out: out, encoder: gob.NewEncoder(out)}
	go client.receive(gob.NewDecoder(in))
	return client, nil
}

func (c *calls) call(method string, request *invokeRequest) (*invokeResponse, error) {
	number, one, ok := c.add()
	if !ok || c.send(requestHeader{method, number}, request) != nil {
		return nil, errGone
	}
	<-one.done
	return &one.response, one.err
}

func (c *calls) send(header requestHeader, request *invokeRequest) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	if err := c.encoder.Encode(header); err != nil {
		return err
	}
	if err := c.encoder.Encode(bodyOf(header.ServiceMethod, request)); err != nil {
		return err
	}
	return c.out.Flush()
}

// bodyOf is nothing for methods that take nothing.
func bodyOf(method string, request *invokeRequest) any {
	if method == "Function.HealthCheck" {
		return struct{}{}
	}
	return request
}

func (c *calls) receive(decoder *gob.Decoder) {
	for {
		var header responseHeader
		if decoder.Decode(&header) != nil {
			break
		}
		one := c.take(header.Seq)
		if one == nil {
			break
		}
		if header.Error != "" {
			one.err = refusal(header.Error)
			decoder.DecodeValue(reflect.Value{})
		} else if decoder.Decode(&one.response) != nil {
			one.err = errGone
		}
		close(one.done)
	}
	c.end()
}
