package main

import (
	"io"
	"sync"
)

// queue writes what many goroutines have to say. Of many that come together the first writes for all, and the others do not wait.
type queue struct {
	to io.Writer
	// Called once, with the lock held, when the other end is gone.
	gone func()

	mutex   sync.Mutex
	idle    sync.Cond
	writing bool
	waiting []byte
	spare   []byte
}

// write appends to what goes out next.
func (q *queue) write(add func(buffer []byte) []byte) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.waiting = add(q.waiting)
	if q.writing {
		return
	}
	q.writing = true
	for len(q.waiting) > 0 {
		batch := q.waiting
		q.waiting = q.spare[:0]
		q.mutex.Unlock()
		_, err := q.to.Write(batch)
		q.mutex.Lock()
		q.spare = keepSmall(batch)
		if err != nil {
			q.waiting = nil
			if q.gone != nil {
				q.gone()
			}
		}
	}
	q.writing = false
	if q.idle.L != nil {
		q.idle.Broadcast()
	}
}

// flush returns when everything said before is written.
func (q *queue) flush() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.idle.L = &q.mutex
	for q.writing {
		q.idle.Wait()
	}
}

// keepSmall lets buffers go that one large result made.
func keepSmall(buffer []byte) []byte {
	if cap(buffer) > 256<<10 {
		return nil
	}
	return buffer
}
