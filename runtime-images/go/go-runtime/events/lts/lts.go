// Package lts holds the event of Log Tank Service triggers.
package lts

import (
	"encoding/base64"

	"huaweicloud.com/go-runtime/events/internal/text"
)

// LTSTriggerEvent is some lines of a log.
type LTSTriggerEvent struct {
	Lts LTSBody `json:"lts"`
}

// LTSBody holds them in Base64; GetRawData decodes them.
type LTSBody struct {
	Data string `json:"data"`
}

// GetRawData is the decoded data, JSON with the key logs; empty when it is not Base64.
func (b *LTSBody) GetRawData() string {
	decoded, err := base64.StdEncoding.DecodeString(b.Data)
	if err != nil {
		return ""
	}
	return string(decoded)
}

func (e *LTSTriggerEvent) String() string { return text.Of("LTSTriggerEvent", *e) }
func (b *LTSBody) String() string         { return text.Of("LTSBody", *b) }
