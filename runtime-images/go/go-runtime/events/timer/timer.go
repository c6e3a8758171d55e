// Package timer holds the event of timer triggers.
package timer

import "huaweicloud.com/go-runtime/events/internal/text"

// TimerTriggerEvent is one tick.
type TimerTriggerEvent struct {
	Version     string `json:"version"`
	Time        string `json:"time"`
	TriggerName string `json:"trigger_name"`
	TriggerType string `json:"trigger_type"`
	// UserEvent is the text that the trigger was made with.
	UserEvent string `json:"user_event"`
}

func (e *TimerTriggerEvent) String() string { return text.Of("TimerTriggerEvent", *e) }
