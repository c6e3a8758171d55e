package main

import (
	"bytes"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

const sampleEvery = 250 * time.Millisecond

// memory samples the resident memory of a process, now and then.
type memory struct {
	path    string
	kib     atomic.Uint32
	sampled atomic.Int64
}

func memoryOf(pid int) *memory {
	return &memory{path: "/proc/" + strconv.Itoa(pid) + "/statm"}
}

func (m *memory) resident(now time.Time) uint32 {
	last := m.sampled.Load()
	if now.UnixNano()-last > int64(sampleEvery) && m.sampled.CompareAndSwap(last, now.UnixNano()) {
		m.kib.Store(readResident(m.path))
	}
	return m.kib.Load()
}

func readResident(path string) uint32 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(string(fields[1]))
	return uint32(pages * (os.Getpagesize() / 1024))
}
