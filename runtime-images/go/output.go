package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"unicode/utf8"
	"unsafe"
)

const (
	levelInfo  = 2
	levelWarn  = 3
	levelError = 4

	lineBytes = 90 << 10
	// One call keeps 4 MiB of log; the last KiB is for the line that tells what was dropped.
	keptBytes = 4<<20 - 1<<10
	// What a program that panics may say about it.
	lastWordsLines = 64
	// Requests whose late lines are still told from those of others.
	rememberedEnds = 64
)

// output gives what the function's program prints to the request that printed it. Standard output and error share one pipe, so that
// lines keep their order.
type output struct {
	link *link
	file *os.File
	from int

	mutex    sync.Mutex
	buffer   []byte
	begun    []byte
	running  map[string]*scope
	ended    [rememberedEnds]string
	endings  int
	instance scope
	panicked []string
	last     string
}

// scope is the log of one call, or of the instance.
type scope struct {
	call    uint32
	kept    int
	dropped int
}

// newOutput also returns the end that the program writes to.
func newOutput(link *link) (*output, int, error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return nil, 0, err
	}
	if err := syscall.SetNonblock(ends[0], true); err != nil {
		return nil, 0, err
	}
	opened := &output{
		link:    link,
		file:    os.NewFile(uintptr(ends[0]), "output"),
		from:    ends[0],
		buffer:  make([]byte, 64<<10),
		running: map[string]*scope{},
	}
	return opened, ends[1], nil
}

// pump writes lines as they come, until nobody holds the other end any more.
func (o *output) pump() {
	raw, err := o.file.SyscallConn()
	if err != nil {
		return
	}
	raw.Read(func(uintptr) bool {
		// The poller tells of new bytes only: nothing may stay behind.
		for {
			o.mutex.Lock()
			found := o.take(len(o.buffer))
			o.mutex.Unlock()
			if found != more {
				return found == ended
			}
		}
	})
}

// begin makes lines belong to a request from now on.
func (o *output) begin(id string, call uint32) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.renew()
	o.running[id] = &scope{call: call}
}

// end takes what the request printed before its answer; later lines are not its own.
func (o *output) end(id string) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.drain()
	one := o.running[id]
	if len(o.running) == 1 {
		o.endLine()
	}
	o.closeScope(one)
	delete(o.running, id)
	o.ended[o.endings%rememberedEnds] = id
	o.endings++
}

// log writes a line of a request that is running; without an id, of the instance.
func (o *output) log(id string, level byte, text string) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.drain()
	to := o.running[id]
	if to == nil {
		to = &o.instance
	}
	o.write(to, level, []byte(text))
}

// settle takes what was printed until now.
func (o *output) settle() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.drain()
}

// onlyCall is the number of the running request, when exactly one runs.
func (o *output) onlyCall() (call uint32, only bool) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	for _, one := range o.running {
		call = one.call
	}
	return call, len(o.running) == 1
}

// finish takes everything that is left when the program has ended; returns what it said of a panic, or its last line.
func (o *output) finish() (panicked []string, last string) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.drain()
	o.endLine()
	for _, one := range o.running {
		o.closeScope(one)
	}
	return o.panicked, o.last
}

// drain reads what is in the pipe now, and not what a flood adds meanwhile.
func (o *output) drain() {
	var ready int32
	syscall.Syscall(syscall.SYS_IOCTL, uintptr(o.from), syscall.TIOCINQ, uintptr(unsafe.Pointer(&ready)))
	for left := int(ready); left > 0 && o.take(left) == more; left -= len(o.buffer) {
	}
}

// What one look into the pipe found.
const (
	more = iota
	empty
	ended
)

// take reads once without waiting, no more than so many bytes.
func (o *output) take(limit int) int {
	if limit > len(o.buffer) {
		limit = len(o.buffer)
	}
	for {
		count, err := syscall.Read(o.from, o.buffer[:limit])
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return empty
		case err != nil || count == 0:
			return ended
		}
		o.split(o.buffer[:count])
		return more
	}
}

// split gives each line to its request. A line without an id follows the one before it, as the lines of one text do.
func (o *output) split(data []byte) {
	var before *scope
	for len(data) > 0 {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		o.begun = append(o.begun, line...)
		data = rest
		if whole {
			before = o.owner(o.begun, before)
			o.notice(o.begun)
			o.write(before, levelInfo, o.begun)
			o.begun = o.begun[:0]
		}
		for len(o.begun) > lineBytes {
			before = o.owner(o.begun, before)
			end := cut(o.begun)
			o.write(before, levelInfo, o.begun[:end])
			o.begun = append(o.begun[:0], o.begun[end:]...)
		}
	}
}

// owner is the only running request; of several the one that the line names, else the instance.
func (o *output) owner(line []byte, before *scope) *scope {
	id := idIn(line)
	if one := o.running[id]; one != nil {
		return one
	}
	if id != "" && o.endedBefore(id) {
		return &o.instance
	}
	if len(o.running) == 1 {
		for _, one := range o.running {
			return one
		}
	}
	if before != nil {
		return before
	}
	return &o.instance
}

func (o *output) endedBefore(id string) bool {
	for _, one := range o.ended {
		if one == id {
			return true
		}
	}
	return false
}

// idIn finds the request's id in a line of the logger: `2006-01-02 15:04:05.999-07:00 <id> text`, in newer programs
// `2006-01-02T15:04:05.000Z <id> text`.
func idIn(line []byte) string {
	if len(line) < 12 || line[4] != '-' || line[7] != '-' {
		return ""
	}
	fields := strings.SplitN(string(first(line, 256)), " ", 4)
	at := 2
	if line[10] == 'T' {
		at = 1
	}
	if len(fields) <= at {
		return ""
	}
	return fields[at]
}

// notice keeps the last line, and what the Go runtime prints when it gives up.
func (o *output) notice(line []byte) {
	o.last = string(first(line, 512))
	starts := bytes.HasPrefix(line, []byte("panic: ")) || bytes.HasPrefix(line, []byte("fatal error: "))
	if starts || len(o.panicked) > 0 && len(o.panicked) < lastWordsLines {
		o.panicked = append(o.panicked, string(line))
	}
}

func (o *output) endLine() {
	if len(o.begun) > 0 {
		o.write(o.owner(o.begun, nil), levelInfo, o.begun)
		o.begun = o.begun[:0]
	}
}

// write sends a text of any length as LOG frames; they leave at once.
func (o *output) write(to *scope, level byte, text []byte) {
	for first := true; first || len(text) > 0; first = false {
		piece := text[:cut(text)]
		text = text[len(piece):]
		to.kept += len(piece)
		if to.kept <= keptBytes {
			o.link.send(frame{frameLog, to.call, []byte{level}, piece})
		} else {
			to.dropped += len(piece)
		}
	}
}

func (o *output) closeScope(one *scope) {
	if one.dropped > 0 {
		text := fmt.Sprintf("%d bytes of log were dropped: one invocation keeps 4194304 bytes", one.dropped)
		o.link.send(frame{frameLog, one.call, []byte{levelWarn}, []byte(text)})
	}
}

// renew gives the instance's log its limit anew, as each request does.
func (o *output) renew() {
	if o.instance.kept > 0 {
		o.closeScope(&o.instance)
		o.instance = scope{}
	}
}

func first(line []byte, count int) []byte {
	if len(line) < count {
		return line
	}
	return line[:count]
}

// cut is the end of the first piece of a text, never inside a character.
func cut(text []byte) int {
	if len(text) <= lineBytes {
		return len(text)
	}
	end := lineBytes
	for end > lineBytes-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}
