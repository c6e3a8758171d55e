package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"syscall"
)

// channelVariable tells a program the descriptor of its end of a channel and, after a comma, how many calls may come at the same time.
const channelVariable = "FUNGRAPH_CALLS"

// channel carries the same calls as net/rpc over a pair of sockets, several times faster. Programs of our own runtime module serve it,
// and say so by a first response with number 0; others never touch it. go-runtime/pkg/runtime/channel.go is the other end.
//
//	request   u32 length of what follows, u32 number, u8 method, u32 length of the header, header, payload
//	response  u32 length of what follows, u32 number, u8 1 for an error, u16 status, payload or the error's text
//
// The header is keys and values, each ended by a zero byte.
type channel struct {
	*table
	conn  net.Conn
	ready chan struct{}
	out   queue
}

var methods = map[string]byte{"Function.Invoke": 1, "Function.HealthCheck": 2, "Function.Initialize": 3, "Function.PreStop": 4}

// newChannel also returns the program's end.
func newChannel() (*channel, int, error) {
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, 0, err
	}
	file := os.NewFile(uintptr(ends[0]), "calls")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, 0, err
	}
	opened := &channel{table: newTable(), conn: conn, ready: make(chan struct{})}
	opened.out.to = conn
	go opened.receive(bufio.NewReaderSize(conn, 64<<10))
	return opened, ends[1], nil
}

func (c *channel) call(method string, request *invokeRequest) (*invokeResponse, error) {
	number, one, ok := c.add()
	if !ok {
		return nil, errGone
	}
	c.out.write(func(buffer []byte) []byte { return appendRequest(buffer, uint32(number), methods[method], request) })
	<-one.done
	return &one.response, one.err
}

func (c *channel) close() {
	c.conn.Close()
}

func appendRequest(buffer []byte, number uint32, method byte, request *invokeRequest) []byte {
	start := len(buffer)
	buffer = append(buffer, 0, 0, 0, 0)
	buffer = little.AppendUint32(buffer, number)
	buffer = append(buffer, method, 0, 0, 0, 0)
	header := len(buffer)
	for key, values := range request.Header {
		buffer = append(append(buffer, key...), 0)
		buffer = append(append(buffer, values[0]...), 0)
	}
	little.PutUint32(buffer[header-4:], uint32(len(buffer)-header))
	buffer = append(buffer, request.Payload...)
	little.PutUint32(buffer[start:], uint32(len(buffer)-start-4))
	return buffer
}

func (c *channel) receive(in *bufio.Reader) {
	for {
		var head [11]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			break
		}
		length := little.Uint32(head[0:])
		if length < 7 || length > 1<<30 {
			break
		}
		payload := make([]byte, length-7)
		if _, err := io.ReadFull(in, payload); err != nil {
			break
		}
		if number := little.Uint32(head[4:]); number == 0 {
			close(c.ready)
		} else if !c.settle(number, head[8] == 1, int(little.Uint16(head[9:])), payload) {
			break
		}
	}
	c.end()
}

func (c *channel) settle(number uint32, failed bool, status int, payload []byte) bool {
	one := c.take(uint64(number))
	if one == nil {
		return false
	}
	if failed {
		one.err = refusal(payload)
	} else {
		one.response = invokeResponse{status, payload}
	}
	close(one.done)
	return true
}
