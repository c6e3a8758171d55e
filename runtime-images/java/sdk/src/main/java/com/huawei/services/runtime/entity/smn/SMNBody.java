package com.huawei.services.runtime.entity.smn;

import com.huawei.services.runtime.entity.Entity;
import java.util.Map;

/** A message of a topic. */
public class SMNBody extends Entity {
  private String topic_urn;
  private String timestamp;
  private Map<String, Object> message_attributes;
  private String message;
  private String type;
  private String message_id;
  private String subject;

  /** URN of the topic. */
  public String getTopicUrn() {
    return topic_urn;
  }

  public void setTopicUrn(String topicUrn) {
    this.topic_urn = topicUrn;
  }

  /** When it was published. */
  public String getTimeStamp() {
    return timestamp;
  }

  public void setTimeStamp(String timeStamp) {
    this.timestamp = timeStamp;
  }

  /** Attributes; may be null. */
  public Map<String, Object> getMessageAttributes() {
    return message_attributes;
  }

  public void setMessageAttributes(Map<String, Object> messageAttributes) {
    this.message_attributes = messageAttributes;
  }

  /** The text. */
  public String getMessage() {
    return message;
  }

  public void setMessage(String message) {
    this.message = message;
  }

  /** Kind of message. */
  public String getType() {
    return type;
  }

  public void setType(String type) {
    this.type = type;
  }

  /** Id of the message. */
  public String getMessageId() {
    return message_id;
  }

  public void setMessageId(String messageId) {
    this.message_id = messageId;
  }

  /** The subject. */
  public String getSubject() {
    return subject;
  }

  public void setSubject(String subject) {
    this.subject = subject;
  }
}
