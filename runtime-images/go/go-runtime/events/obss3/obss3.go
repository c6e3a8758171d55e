// Package obs holds the event of Object Storage Service triggers, in the form of S3.
package obs

import "huaweicloud.com/go-runtime/events/internal/text"

// OBSS3TriggerEvent is what happened to some objects.
type OBSS3TriggerEvent struct {
	Records []OBSS3Record `json:"Records"`
}

// OBSS3Record is what happened to one object.
type OBSS3Record struct {
	EventVersion string `json:"eventVersion"`
	EventSource  string `json:"eventSource"`
	AWSRegion    string `json:"awsRegion"`
	EventTime    string `json:"eventTime"`
	// EventName is, for example, ObjectCreated:Put.
	EventName         string            `json:"eventName"`
	UserIdentity      OBSS3UserIdentity `json:"userIdentity"`
	RequestParameters map[string]string `json:"requestParameters"`
	ResponseElements  map[string]string `json:"responseElements"`
	S3                OBSS3Body         `json:"s3"`
}

// OBSS3UserIdentity is who did it.
type OBSS3UserIdentity struct {
	PrincipalId string `json:"principalId"`
}

// OBSS3Body is where it happened.
type OBSS3Body struct {
	S3SchemaVersion string      `json:"s3SchemaVersion"`
	ConfigurationId string      `json:"configurationId"`
	Bucket          OBSS3Bucket `json:"bucket"`
	Object          OBSS3Object `json:"object"`
}

// OBSS3Bucket holds the object.
type OBSS3Bucket struct {
	Name          string                   `json:"name"`
	OwnerIdentity OBSS3BucketOwnerIdentity `json:"ownerIdentity"`
	Arn           string                   `json:"arn"`
}

// OBSS3BucketOwnerIdentity owns the bucket.
type OBSS3BucketOwnerIdentity struct {
	PrincipalId string `json:"PrincipalId"`
}

// OBSS3Object is the object; its key is URL-encoded.
type OBSS3Object struct {
	Key       string `json:"key"`
	ETag      string `json:"eTag"`
	Size      int64  `json:"size"`
	VersionId string `json:"versionId"`
	Sequencer string `json:"sequencer"`
}

func (e *OBSS3TriggerEvent) String() string        { return text.Of("OBSS3TriggerEvent", *e) }
func (r *OBSS3Record) String() string              { return text.Of("OBSS3Record", *r) }
func (u *OBSS3UserIdentity) String() string        { return text.Of("OBSS3UserIdentity", *u) }
func (b *OBSS3Body) String() string                { return text.Of("OBSS3Body", *b) }
func (b *OBSS3Bucket) String() string              { return text.Of("OBSS3Bucket", *b) }
func (o *OBSS3BucketOwnerIdentity) String() string { return text.Of("OBSS3BucketOwnerIdentity", *o) }
func (o *OBSS3Object) String() string              { return text.Of("OBSS3Object", *o) }
