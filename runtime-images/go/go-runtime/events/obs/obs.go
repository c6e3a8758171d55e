// Package obs names the event of Object Storage Service triggers as the other packages name theirs.
package obs

import obs "huaweicloud.com/go-runtime/events/obss3"

type (
	// OBSTriggerEvent is what happened to some objects.
	OBSTriggerEvent = obs.OBSS3TriggerEvent
	// OBSRecord is what happened to one object.
	OBSRecord = obs.OBSS3Record
	// OBSBody is where it happened.
	OBSBody = obs.OBSS3Body
	// OBSBucket holds the object.
	OBSBucket = obs.OBSS3Bucket
	// OBSObject is the object.
	OBSObject = obs.OBSS3Object
)
