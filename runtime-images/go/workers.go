package main

import "sync"

// workers run requests, at most so many at once, in the order they come.
type workers struct {
	limit int
	run   func(frame)

	mutex   sync.Mutex
	running int
	waiting []frame
	none    sync.Cond
}

func newWorkers(limit int, run func(frame)) *workers {
	made := &workers{limit: limit, run: run}
	made.none.L = &made.mutex
	return made
}

func (w *workers) add(request frame) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.running == w.limit {
		w.waiting = append(w.waiting, request)
		return
	}
	w.running++
	go w.work(request)
}

func (w *workers) work(request frame) {
	for {
		w.run(request)
		w.mutex.Lock()
		if len(w.waiting) == 0 {
			w.running--
			w.none.Broadcast()
			w.mutex.Unlock()
			return
		}
		request, w.waiting = w.waiting[0], w.waiting[1:]
		w.mutex.Unlock()
	}
}

// wait returns when nothing runs and nothing waits.
func (w *workers) wait() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for w.running > 0 {
		w.none.Wait()
	}
}
