// Package dds holds the event of Document Database Service triggers.
package dds

import "huaweicloud.com/go-runtime/events/internal/text"

// DDSTriggerEvent is some changes of a collection.
type DDSTriggerEvent struct {
	Records []DDSRecord `json:"records"`
}

// DDSRecord is one change.
type DDSRecord struct {
	EventName    string `json:"event_name"`
	EventVersion string `json:"event_version"`
	EventSource  string `json:"event_source"`
	Region       string `json:"region"`
	// Dds has the keys size_bytes, token, full_document and ns; the last three are JSON again.
	Dds           map[string]string `json:"dds"`
	EventSourceId string            `json:"event_source_id"`
}

func (e *DDSTriggerEvent) String() string { return text.Of("DDSTriggerEvent", *e) }
func (r *DDSRecord) String() string       { return text.Of("DDSRecord", *r) }
