package com.huawei.services.runtime.entity.kafka;

import com.huawei.services.runtime.entity.Entity;

/** Messages of one topic. */
public class KafkaRecord extends Entity {
  private String[] messages;
  private String topic_id;
  private String instance_id;

  /** The messages. */
  public String[] getMessages() {
    return messages;
  }

  public void setMessages(String[] messages) {
    this.messages = messages;
  }

  /** Name of the topic. */
  public String getTopicId() {
    return topic_id;
  }

  public void setTopicId(String topicId) {
    this.topic_id = topicId;
  }

  /** Id of the Kafka instance, where the record carries it. */
  public String getInstanceId() {
    return instance_id;
  }

  public void setInstanceId(String instanceId) {
    this.instance_id = instanceId;
  }
}
