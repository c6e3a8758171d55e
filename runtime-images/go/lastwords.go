package main

import (
	"regexp"
	"strings"
)

// codePlace finds `path/file.go:12` in a line of a Go stack.
var codePlace = regexp.MustCompile(`^\t(.+\.go:\d+)`)

// answerPanic fails the only running request with what the program printed when it gave up; with several, nobody knows whose it was.
func (i *instance) answerPanic() {
	call, only := i.program.output.onlyCall()
	words := i.program.words
	if !only || len(words) == 0 {
		return
	}
	failed := &failure{codeInvoke, "panic", strings.TrimPrefix(words[0], "panic: "), trimmed(words[1:])}
	i.link.send(errorFrame(call, spent{memoryKib: i.memory.kib.Load()}, failed))
}

// trimmed is the first goroutine's stack, a call and its place in turn, as the runtime of FunctionGraph writes it.
func trimmed(words []string) []string {
	lines := []string{}
	for _, word := range words {
		switch {
		case strings.HasPrefix(word, "goroutine ") && len(lines) > 0:
			return lines
		case codePlace.MatchString(word):
			lines = append(lines, "    "+shortPath(codePlace.FindStringSubmatch(word)[1]))
		case strings.HasSuffix(word, ")") && !strings.HasPrefix(word, "["):
			name := word[strings.LastIndex(word, "/")+1 : strings.LastIndex(word, "(")]
			_, name, _ = strings.Cut(name, ".")
			lines = append(lines, name+"()")
		}
	}
	return lines
}

// shortPath leaves out where the program was built.
func shortPath(path string) string {
	if _, after, found := strings.Cut(path, "/src/"); found {
		return after
	}
	return "." + path[strings.LastIndex(path, "/"):]
}
