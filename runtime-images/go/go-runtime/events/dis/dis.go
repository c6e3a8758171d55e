// Package dis holds the event of Data Ingestion Service triggers.
package dis

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/events/internal/text"
)

// DISTriggerEvent is some records of a stream.
type DISTriggerEvent struct {
	ShardID    string
	Message    DISMessage
	Tag        string
	StreamName string
}

// DISMessage is what was read at once.
type DISMessage struct {
	// NextPatitionCursor is NextPartitionCursor in the spelling that programs know.
	NextPatitionCursor  string      `json:"next_patition_cursor,omitempty"`
	NextPartitionCursor string      `json:"next_partition_cursor"`
	Records             []DISRecord `json:"records"`
	MillisBehindLatest  string      `json:"millis_behind_latest"`
}

// DISRecord is one record; its data is Base64.
type DISRecord struct {
	PartitionKey   string `json:"partition_key"`
	Data           string `json:"data"`
	SequenceNumber string `json:"sequence_number"`
}

// UnmarshalJSON takes both spellings that events have had.
func (m *DISMessage) UnmarshalJSON(data []byte) error {
	type plain DISMessage
	read := struct {
		*plain
		MillisBehind string `json:"millisBehindLatest"`
	}{plain: (*plain)(m)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if m.NextPartitionCursor == "" {
		m.NextPartitionCursor = m.NextPatitionCursor
	}
	m.NextPatitionCursor = m.NextPartitionCursor
	if m.MillisBehindLatest == "" {
		m.MillisBehindLatest = read.MillisBehind
	}
	return nil
}

func (e *DISTriggerEvent) String() string { return text.Of("DISTriggerEvent", *e) }
func (m *DISMessage) String() string      { return text.Of("DISMessage", *m) }
func (r *DISRecord) String() string       { return text.Of("DISRecord", *r) }
