package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
)

// link is the instance's end of the stream to the platform.
type link struct {
	conn   net.Conn
	reader *bufio.Reader

	mutex   sync.Mutex
	idle    sync.Cond
	writing bool
	waiting []byte
	spare   []byte
}

// connect opens what FUNGRAPH_LINK names.
func connect(address string) (*link, error) {
	conn, err := open(address)
	if err != nil {
		return nil, err
	}
	opened := &link{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10)}
	opened.idle.L = &opened.mutex
	return opened, nil
}

func open(address string) (net.Conn, error) {
	kind, rest, _ := strings.Cut(address, ":")
	switch kind {
	case "fd":
		descriptor, err := strconv.Atoi(rest)
		if err != nil {
			return nil, fmt.Errorf("FUNGRAPH_LINK names no descriptor: %q", address)
		}
		// A copy that programs started from here do not inherit.
		file := os.NewFile(uintptr(descriptor), "link")
		defer file.Close()
		return net.FileConn(file)
	case "unix", "tcp":
		return net.Dial(kind, rest)
	}
	return nil, fmt.Errorf("FUNGRAPH_LINK must begin with fd:, unix: or tcp:, got %q", address)
}

// send writes frames in order. Of many that come together, the first to come writes for all, and the others do not wait.
func (l *link) send(frames ...frame) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, one := range frames {
		l.waiting = one.appendTo(l.waiting)
	}
	if l.writing {
		return
	}
	l.writing = true
	for len(l.waiting) > 0 {
		batch := l.waiting
		l.waiting = l.spare[:0]
		l.mutex.Unlock()
		_, err := l.conn.Write(batch)
		l.mutex.Lock()
		if err != nil {
			leave(0)
		}
		l.spare = keepSmall(batch)
	}
	l.writing = false
	l.idle.Broadcast()
}

// flush returns when everything sent before is written.
func (l *link) flush() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for l.writing {
		l.idle.Wait()
	}
}

// keepSmall lets buffers go that one large result made.
func keepSmall(buffer []byte) []byte {
	if cap(buffer) > 256<<10 {
		return nil
	}
	return buffer
}
