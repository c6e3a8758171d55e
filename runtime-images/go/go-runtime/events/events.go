// Package events names the events of all triggers, for programs that import them from one place.
package events

import (
	"huaweicloud.com/go-runtime/events/apig"
	"huaweicloud.com/go-runtime/events/cts"
	"huaweicloud.com/go-runtime/events/dds"
	"huaweicloud.com/go-runtime/events/dis"
	"huaweicloud.com/go-runtime/events/dms"
	"huaweicloud.com/go-runtime/events/kafka"
	"huaweicloud.com/go-runtime/events/lts"
	"huaweicloud.com/go-runtime/events/obs"
	"huaweicloud.com/go-runtime/events/smn"
	"huaweicloud.com/go-runtime/events/timer"
)

type (
	// APIGTriggerEvent is an HTTP request.
	APIGTriggerEvent = apig.APIGTriggerEvent
	// APIGTriggerResponse is the answer to it.
	APIGTriggerResponse = apig.APIGTriggerResponse
	// CTSTriggerEvent is one recorded operation.
	CTSTriggerEvent = cts.CTSTriggerEvent
	// DDSTriggerEvent is some changes of a collection.
	DDSTriggerEvent = dds.DDSTriggerEvent
	// DISTriggerEvent is some records of a stream.
	DISTriggerEvent = dis.DISTriggerEvent
	// DMSTriggerEvent is some messages of a queue.
	DMSTriggerEvent = dms.DMSTriggerEvent
	// KAFKATriggerEvent is some messages of an instance's topics.
	KAFKATriggerEvent = kafka.KAFKATriggerEvent
	// LTSTriggerEvent is some lines of a log.
	LTSTriggerEvent = lts.LTSTriggerEvent
	// OBSTriggerEvent is what happened to some objects.
	OBSTriggerEvent = obs.OBSTriggerEvent
	// SMNTriggerEvent is a notification.
	SMNTriggerEvent = smn.SMNTriggerEvent
	// TimerTriggerEvent is one tick.
	TimerTriggerEvent = timer.TimerTriggerEvent
)
