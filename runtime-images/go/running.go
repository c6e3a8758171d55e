package main

import "sync"

// running is a call that waits for its answer.
type running struct {
	response invokeResponse
	err      error
	done     chan struct{}
}

// table numbers the calls of one connection until it is over.
type table struct {
	mutex   sync.Mutex
	next    uint64
	running map[uint64]*running
	over    chan struct{}
}

func newTable() *table {
	return &table{running: map[uint64]*running{}, over: make(chan struct{})}
}

// add numbers a call, from 1 on; false when the connection is over.
func (t *table) add() (number uint64, one *running, ok bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.running == nil {
		return 0, nil, false
	}
	t.next++
	one = &running{done: make(chan struct{})}
	t.running[t.next] = one
	return t.next, one, true
}

// take removes a call that is answered; nil when nobody waits for it.
func (t *table) take(number uint64) *running {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	one := t.running[number]
	delete(t.running, number)
	return one
}

// end fails what waits and what comes.
func (t *table) end() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, one := range t.running {
		one.err = errGone
		close(one.done)
	}
	t.running = nil
	close(t.over)
}

func (t *table) lost() <-chan struct{} {
	return t.over
}
