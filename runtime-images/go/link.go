package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// link is the instance's end of the stream to the platform.
type link struct {
	reader *bufio.Reader
	out    queue
}

// connect opens what FUNGRAPH_LINK names.
func connect(address string) (*link, error) {
	conn, err := open(address)
	if err != nil {
		return nil, err
	}
	opened := &link{reader: bufio.NewReaderSize(conn, 64<<10)}
	opened.out.to = conn
	opened.out.gone = func() { leave(0) }
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

// send writes a frame, together with others that come at the same time.
func (l *link) send(one frame) {
	l.out.write(one.appendTo)
}

// flush returns when everything sent before is written.
func (l *link) flush() {
	l.out.flush()
}
