// Package kafka holds the event of Kafka triggers; those of RocketMQ have the same form.
package kafka

import "huaweicloud.com/go-runtime/events/internal/text"

// KAFKATriggerEvent is some messages of an instance's topics.
type KAFKATriggerEvent struct {
	InstanceId  string        `json:"instance_id"`
	Records     []KAFKARecord `json:"records"`
	TriggerType string        `json:"trigger_type"`
	Region      string        `json:"region"`
	// EventTime is in seconds since 1970.
	EventTime    int64  `json:"event_time"`
	EventVersion string `json:"event_version"`
}

// KAFKARecord is some messages of one topic.
type KAFKARecord struct {
	Messages []string `json:"messages"`
	TopicId  string   `json:"topic_id"`
}

func (e *KAFKATriggerEvent) String() string { return text.Of("KAFKATriggerEvent", *e) }
func (r *KAFKARecord) String() string       { return text.Of("KAFKARecord", *r) }
