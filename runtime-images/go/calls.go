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
)

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
}

// calls is a client of net/rpc over HTTP, without the weight of package net/http: many calls at once on one connection.
type calls struct {
	sending sync.Mutex
	out     *bufio.Writer
	encoder *gob.Encoder
	next    uint64

	mutex   sync.Mutex
	running map[uint64]*running
	over    bool
}

type running struct {
	response invokeResponse
	err      error
	done     chan struct{}
}

// dial connects to a program that listens. The error is a *net.OpError while nobody does.
func dial(address string) (*calls, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
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
	out := bufio.NewWriter(conn)
	client := &calls{out: out, encoder: gob.NewEncoder(out), running: map[uint64]*running{}}
	go client.receive(gob.NewDecoder(in))
	return client, nil
}

func (c *calls) call(method string, request *invokeRequest) (*invokeResponse, error) {
	one := &running{done: make(chan struct{})}
	if err := c.send(method, request, one); err != nil {
		return nil, errGone
	}
	<-one.done
	return &one.response, one.err
}

func (c *calls) send(method string, request *invokeRequest, one *running) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.mutex.Lock()
	if c.over {
		c.mutex.Unlock()
		return errGone
	}
	c.next++
	number := c.next
	c.running[number] = one
	c.mutex.Unlock()
	if err := c.encoder.Encode(requestHeader{method, number}); err != nil {
		return err
	}
	if err := c.encoder.Encode(bodyOf(method, request)); err != nil {
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
		c.mutex.Lock()
		one := c.running[header.Seq]
		delete(c.running, header.Seq)
		c.mutex.Unlock()
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
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.over = true
	for _, one := range c.running {
		one.err = errGone
		close(one.done)
	}
	c.running = nil
}
