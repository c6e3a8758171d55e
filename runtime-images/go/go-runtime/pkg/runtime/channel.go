package runtime

import (
	"bufio"
	"encoding/binary"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"huaweicloud.com/go-runtime/pkg/runtime/common"
	"huaweicloud.com/go-runtime/pkg/runtime/fnhandler"
)

// channelVariable offers a channel that carries the calls of net/rpc faster: its descriptor, and after a comma how many calls may come
// at the same time.
const channelVariable = "FUNGRAPH_CALLS"

var little = binary.LittleEndian

// methods are the numbers of what is called on the channel.
var methods = map[byte]string{1: invoke, 2: healthCheck, 3: initialize, 4: preStop}

// channel is the program's end; what goes over it is told at the other end, in the bootstrap's channel.go.
type channel struct {
	conn     net.Conn
	function *fnhandler.Function
	// One call at a time runs where it was read: no other thread has to wake up.
	single bool

	mutex   sync.Mutex
	writing bool
	waiting []byte
}

// serveChannel answers calls until the platform is gone; false where it offers no channel.
func serveChannel(function *fnhandler.Function) bool {
	offer := strings.Split(os.Getenv(channelVariable), ",")
	descriptor, err := strconv.Atoi(offer[0])
	if err != nil {
		return false
	}
	// Neither is anything for programs that the function starts.
	os.Unsetenv(channelVariable)
	syscall.CloseOnExec(descriptor)
	file := os.NewFile(uintptr(descriptor), "calls")
	conn, err := net.FileConn(file)
	file.Close()
	if err != nil {
		log.Fatal("runtime.Register: ", err)
	}
	served := &channel{conn: conn, function: function, single: offer[len(offer)-1] == "1"}
	served.respond(0, nil, &common.InvokeResponse{})
	served.receive(bufio.NewReaderSize(conn, 64<<10))
	return true
}

func (c *channel) receive(in *bufio.Reader) {
	over := false
	defer func() {
		if !over {
			// A handler that ran here ended the goroutine.
			go c.receive(in)
		}
	}()
	for {
		var head [13]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			over = true
			return
		}
		header := make([]byte, little.Uint32(head[9:]))
		payload := make([]byte, little.Uint32(head[0:])-9-uint32(len(header)))
		if _, err := io.ReadFull(in, header); err != nil {
			over = true
			return
		}
		if _, err := io.ReadFull(in, payload); err != nil {
			over = true
			return
		}
		if len(payload) == 0 {
			// As net/rpc has it.
			payload = nil
		}
		request := &common.InvokeRequest{Payload: payload, Header: readHeader(header)}
		if number, method := little.Uint32(head[4:]), head[8]; c.single {
			c.serve(number, method, request)
		} else {
			go c.serve(number, method, request)
		}
	}
}

func readHeader(text []byte) common.Header {
	parts := strings.Split(string(text), "\x00")
	header := make(common.Header, len(parts)/2)
	for at := 0; at+1 < len(parts); at += 2 {
		header[parts[at]] = parts[at+1 : at+2 : at+2]
	}
	return header
}

func (c *channel) serve(number uint32, method byte, request *common.InvokeRequest) {
	var response common.InvokeResponse
	err := fnhandler.ErrNoReturn
	defer func() { c.respond(number, err, &response) }()
	err = run(c.function, methods[method], request, &response)
}

// respond writes an answer. Of many that come together the first writes for all, and the others do not wait.
func (c *channel) respond(number uint32, failure error, response *common.InvokeResponse) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.waiting = appendResponse(c.waiting, number, failure, response)
	if c.writing {
		return
	}
	c.writing = true
	for len(c.waiting) > 0 {
		batch := c.waiting
		c.waiting = nil
		c.mutex.Unlock()
		_, err := c.conn.Write(batch)
		c.mutex.Lock()
		if err != nil {
			// The platform is gone, and so is soon this process.
			c.waiting = nil
		}
	}
	c.writing = false
}

func appendResponse(buffer []byte, number uint32, failure error, response *common.InvokeResponse) []byte {
	payload, failed := response.Payload, byte(0)
	if failure != nil && failure.Error() != "" {
		payload, failed = []byte(failure.Error()), 1
	}
	status := response.StatusCode
	if failure != nil {
		// As net/rpc has it: an error without text is an empty answer.
		status = 0
	}
	var head [11]byte
	little.PutUint32(head[0:], uint32(7+len(payload)))
	little.PutUint32(head[4:], number)
	head[8] = failed
	little.PutUint16(head[9:], uint16(status))
	return append(append(buffer, head[:]...), payload...)
}
