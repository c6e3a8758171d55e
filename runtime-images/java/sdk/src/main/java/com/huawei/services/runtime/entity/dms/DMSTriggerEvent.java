package com.huawei.services.runtime.entity.dms;

import com.huawei.services.runtime.entity.Entity;

/** What a DMS trigger sends. */
public class DMSTriggerEvent extends Entity {
  private String queue_id;
  private String region;
  private String event_type;
  private String consumer_group_id;
  private DMSMessage[] messages;

  /** Id of the queue. */
  public String getQueueId() {
    return queue_id;
  }

  public void setQueueId(String queueId) {
    this.queue_id = queueId;
  }

  /** Region of the queue. */
  public String getRegion() {
    return region;
  }

  public void setRegion(String region) {
    this.region = region;
  }

  /** Kind of event. */
  public String getEventType() {
    return event_type;
  }

  public void setEventType(String eventType) {
    this.event_type = eventType;
  }

  /** Id of the consumer group. */
  public String getConsumerGroupId() {
    return consumer_group_id;
  }

  public void setConsumerGroupId(String consumerGroupId) {
    this.consumer_group_id = consumerGroupId;
  }

  /** The messages. */
  public DMSMessage[] getMessages() {
    return messages;
  }

  public void setMessages(DMSMessage[] messages) {
    this.messages = messages;
  }
}
