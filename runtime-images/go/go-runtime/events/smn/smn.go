// Package smn holds the event of Simple Message Notification triggers.
package smn

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/events/internal/text"
)

// SMNTriggerEvent is a notification.
type SMNTriggerEvent struct {
	Record []SMNRecord `json:"record"`
}

// SMNRecord says by which subscription it came.
type SMNRecord struct {
	EventVersion         string  `json:"event_version"`
	EventSubscriptionUrn string  `json:"event_subscription_urn"`
	EventSource          string  `json:"event_source"`
	Smn                  SMNBody `json:"smn"`
}

// SMNBody is what was published.
type SMNBody struct {
	TopicUrn          string            `json:"topic_urn"`
	TimeStamp         string            `json:"timestamp"`
	MessageAttributes map[string]string `json:"message_attributes"`
	Message           string            `json:"message"`
	Type              string            `json:"type"`
	MessageId         string            `json:"message_id"`
	Subject           string            `json:"subject"`
}

// UnmarshalJSON takes attributes of any kind.
func (b *SMNBody) UnmarshalJSON(data []byte) error {
	type plain SMNBody
	read := struct {
		*plain
		MessageAttributes map[string]text.Any `json:"message_attributes"`
	}{plain: (*plain)(b)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	b.MessageAttributes = text.Map(read.MessageAttributes)
	return nil
}

func (e *SMNTriggerEvent) String() string { return text.Of("SMNTriggerEvent", *e) }
func (r *SMNRecord) String() string       { return text.Of("SMNRecord", *r) }
func (b *SMNBody) String() string         { return text.Of("SMNBody", *b) }
