package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// Types of frames (../PROTOCOL.md).
const (
	frameHello byte = iota + 1
	frameLoad
	frameLoaded
	frameInit
	frameInitialized
	frameInvoke
	frameResult
	frameError
	frameLog
	frameHeartbeat
	frameAlive
	frameStop
	frameStopped
)

const (
	headerBytes   = 12
	maxFrameBytes = 6<<20 + 64<<10
)

var little = binary.LittleEndian

// frame is one message of the link; call 0 speaks of the instance.
type frame struct {
	kind    byte
	call    uint32
	head    []byte
	payload []byte
}

// readFrame waits for the next frame; its bytes belong to the caller.
func readFrame(from *bufio.Reader) (frame, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(from, header[:]); err != nil {
		return frame{}, err
	}
	length, headLength := little.Uint32(header[0:]), uint32(little.Uint16(header[6:]))
	if length > maxFrameBytes || headLength > length {
		return frame{}, fmt.Errorf("a frame has %d bytes, %d of them head", length, headLength)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(from, body); err != nil {
		return frame{}, err
	}
	return frame{header[4], little.Uint32(header[8:]), body[:headLength:headLength], body[headLength:]}, nil
}

func (f frame) appendTo(buffer []byte) []byte {
	buffer = little.AppendUint32(buffer, uint32(len(f.head)+len(f.payload)))
	buffer = append(buffer, f.kind, 0)
	buffer = little.AppendUint16(buffer, uint16(len(f.head)))
	buffer = little.AppendUint32(buffer, f.call)
	buffer = append(buffer, f.head...)
	return append(buffer, f.payload...)
}

// spent is how long a call took and what memory the function then had.
type spent struct {
	micros    uint32
	memoryKib uint32
}

func resultFrame(call uint32, cost spent, payload []byte) frame {
	head := little.AppendUint32(little.AppendUint32(make([]byte, 0, 8), cost.micros), cost.memoryKib)
	return frame{frameResult, call, head, payload}
}

func errorFrame(call uint32, cost spent, failure *failure) frame {
	head := little.AppendUint32(little.AppendUint32(make([]byte, 0, 10), cost.micros), cost.memoryKib)
	return frame{frameError, call, little.AppendUint16(head, failure.code), failure.body()}
}
