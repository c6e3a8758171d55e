package events

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Each event as it arrives, what a program reads from it, and a part of its String.
var samples = []struct {
	name  string
	text  string
	event fmt.Stringer
	read  func(event fmt.Stringer) string
	want  string
	shown string
}{
	{
		"apig", `{"body":"aGk=","isBase64Encoded":true,"httpMethod":"GET","path":"/a","pathParameters":{"":"x/y"},
			"requestContext":{"apiId":"1","requestId":"r","stage":"RELEASE"},"headers":{"host":"h"},"queryStringParameters":{"q":"1"}}`,
		&APIGTriggerEvent{},
		func(event fmt.Stringer) string {
			request := event.(*APIGTriggerEvent)
			return fmt.Sprint(request.GetRawBody(), request.PathParameters[""], request.RequestContext.Stage, request.QueryStringParameters)
		},
		"hix/yRELEASEmap[q:1]", `"httpMethod":"GET"`,
	},
	{
		"cts with times as numbers", `{"cts":{"time":1704155400000,"record_time":1704155400001,"code":204,"request":{"a":{"b":1}},"response":{},
			"user":{"name":"u","domain":{"name":"d"}},"trace_name":"createFunction"}}`,
		&CTSTriggerEvent{},
		func(event fmt.Stringer) string {
			record := event.(*CTSTriggerEvent).Cts
			return fmt.Sprint(record.Time, " ", record.RecordTime, " ", record.Code, record.Request, record.User.Domain.Name)
		},
		`1704155400000 1704155400001 204 map[a:{"b":1}]d`, `"trace_name":"createFunction"`,
	},
	{
		"cts with times as text", `{"cts":{"time":"2024-01-02","request":null,"code":200}}`, &CTSTriggerEvent{},
		func(event fmt.Stringer) string { return event.(*CTSTriggerEvent).Cts.Time }, "2024-01-02", `"code":200`,
	},
	{
		"dds", `{"records":[{"event_source":"dds","event_name":"insert","dds":{"size_bytes":"100","ns":"{\"db\":\"d\"}"}}]}`, &DDSTriggerEvent{},
		func(event fmt.Stringer) string { return event.(*DDSTriggerEvent).Records[0].Dds["ns"] }, `{"db":"d"}`, `"event_name":"insert"`,
	},
	{
		"dis", `{"ShardID":"s","Message":{"next_partition_cursor":"n","records":[{"data":"aGk=","sequence_number":"0"}],
			"millis_behind_latest":"5"},"Tag":"latest","StreamName":"stream"}`,
		&DISTriggerEvent{},
		func(event fmt.Stringer) string {
			message := event.(*DISTriggerEvent).Message
			return message.NextPatitionCursor + message.NextPartitionCursor + message.MillisBehindLatest + message.Records[0].Data
		},
		"nn5aGk=", `"StreamName":"stream"`,
	},
	{
		"dms", `{"queue_id":"q","messages":[{"body":"hi","attributes":{"k":"v"}}]}`, &DMSTriggerEvent{},
		func(event fmt.Stringer) string { return fmt.Sprint(event.(*DMSTriggerEvent).Messages) }, "[{hi map[k:v]}]", `"queue_id":"q"`,
	},
	{
		"kafka", `{"event_time":1704155400,"trigger_type":"KAFKA","instance_id":"i","records":[{"messages":["m1","m2"],"topic_id":"t"}]}`,
		&KAFKATriggerEvent{},
		func(event fmt.Stringer) string {
			return fmt.Sprint(event.(*KAFKATriggerEvent).EventTime, event.(*KAFKATriggerEvent).Records)
		},
		"1704155400 [{[m1 m2] t}]", `"instance_id":"i"`,
	},
	{
		"lts", `{"lts":{"data":"eyJsb2dzIjoiW10ifQ=="}}`, &LTSTriggerEvent{},
		func(event fmt.Stringer) string { return event.(*LTSTriggerEvent).Lts.GetRawData() }, `{"logs":"[]"}`, `LTSTriggerEvent{"lts"`,
	},
	{
		"obs", `{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"in%2Fa.png","eTag":"e","size":12}}}]}`,
		&OBSTriggerEvent{},
		func(event fmt.Stringer) string {
			s3 := event.(*OBSTriggerEvent).Records[0].S3
			return fmt.Sprint(s3.Bucket.Name, s3.Object.Key, s3.Object.ETag, s3.Object.Size)
		},
		"bin%2Fa.pnge12", "ObjectCreated:Put",
	},
	{
		"smn", `{"record":[{"smn":{"message":"hello","subject":"s","message_attributes":{"a":{"type":"STRING"}}},"event_source":"smn"}]}`,
		&SMNTriggerEvent{},
		func(event fmt.Stringer) string {
			body := event.(*SMNTriggerEvent).Record[0].Smn
			return body.Message + body.MessageAttributes["a"]
		},
		`hello{"type":"STRING"}`, `"subject":"s"`,
	},
	{
		"timer", `{"version":"v1.0","time":"2024-01-02T08:30:00+08:00","trigger_type":"TIMER","trigger_name":"t","user_event":"extra"}`,
		&TimerTriggerEvent{},
		func(event fmt.Stringer) string { return event.(*TimerTriggerEvent).UserEvent }, "extra", `"trigger_name":"t"`,
	},
}

func TestResponseWithoutHeaders(t *testing.T) {
	for _, response := range []interface{}{APIGTriggerResponse{StatusCode: 200}, &APIGTriggerResponse{StatusCode: 200}} {
		text, err := json.Marshal(response)
		if want := `{"body":"","headers":{},"statusCode":200,"isBase64Encoded":false}`; err != nil || string(text) != want {
			t.Errorf("got %s, %v; want %s", text, err, want)
		}
	}
}

func TestEvents(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample.name, func(t *testing.T) {
			if err := json.Unmarshal([]byte(sample.text), sample.event); err != nil {
				t.Fatal(err)
			}
			if got := sample.read(sample.event); got != sample.want {
				t.Errorf("read %q, want %q", got, sample.want)
			}
			if shown := sample.event.String(); !strings.Contains(shown, sample.shown) {
				t.Errorf("%s does not show %s", shown, sample.shown)
			}
		})
	}
}
