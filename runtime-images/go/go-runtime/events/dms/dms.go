// Package dms holds the event of Distributed Message Service queues.
package dms

import "huaweicloud.com/go-runtime/events/internal/text"

// DMSTriggerEvent is some messages of a queue.
type DMSTriggerEvent struct {
	QueueId         string       `json:"queue_id"`
	Region          string       `json:"region"`
	EventType       string       `json:"event_type"`
	ConsumerGroupId string       `json:"consumer_group_id"`
	Messages        []DMSMessage `json:"messages"`
}

// DMSMessage is one message.
type DMSMessage struct {
	Body       string            `json:"body"`
	Attributes map[string]string `json:"attributes"`
}

func (e *DMSTriggerEvent) String() string { return text.Of("DMSTriggerEvent", *e) }
func (m *DMSMessage) String() string      { return text.Of("DMSMessage", *m) }
