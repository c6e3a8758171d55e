// Package cts holds the event of Cloud Trace Service triggers.
package cts

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/events/internal/text"
)

// CTSTriggerEvent is one recorded operation.
type CTSTriggerEvent struct {
	Cts CTS `json:"cts"`
}

// CTS is the audit record. Times that come as numbers are kept as their digits.
type CTS struct {
	Time         string            `json:"time"`
	User         User              `json:"user"`
	Request      map[string]string `json:"request"`
	Response     map[string]string `json:"response"`
	Code         int               `json:"code"`
	ServiceType  string            `json:"service_type"`
	ResourceType string            `json:"resource_type"`
	ResourceName string            `json:"resource_name"`
	ResourceId   string            `json:"resource_id"`
	SourceIp     string            `json:"source_ip"`
	TraceName    string            `json:"trace_name"`
	TraceType    string            `json:"trace_type"`
	TraceRating  string            `json:"trace_rating"`
	RecordTime   string            `json:"record_time"`
	TraceId      string            `json:"trace_id"`
	TraceStatus  string            `json:"trace_status"`
	ProjectId    string            `json:"project_id"`
}

// User is who did it.
type User struct {
	Name   string `json:"name"`
	Id     string `json:"id"`
	Domain Domain `json:"domain"`
}

// Domain is the account of a user.
type Domain struct {
	Name string `json:"name"`
	Id   string `json:"id"`
}

// UnmarshalJSON takes times as text or number, and values of request and response of any kind.
func (c *CTS) UnmarshalJSON(data []byte) error {
	type plain CTS
	read := struct {
		*plain
		Time       text.Any            `json:"time"`
		RecordTime text.Any            `json:"record_time"`
		Request    map[string]text.Any `json:"request"`
		Response   map[string]text.Any `json:"response"`
	}{plain: (*plain)(c)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	c.Time, c.RecordTime = string(read.Time), string(read.RecordTime)
	c.Request, c.Response = text.Map(read.Request), text.Map(read.Response)
	return nil
}

func (e *CTSTriggerEvent) String() string { return text.Of("CTSTriggerEvent", *e) }
func (c *CTS) String() string             { return text.Of("CTS", *c) }
func (u *User) String() string            { return text.Of("User", *u) }
func (d *Domain) String() string          { return text.Of("Domain", *d) }
