package com.huawei.services.runtime.entity.kafka;

import com.huawei.services.runtime.entity.Entity;

/** What a KAFKA trigger sends. */
public class KafkaTriggerEvent extends Entity {
  private String event_version;
  private String region;
  private String event_time;
  private String trigger_type;
  private String instance_id;
  private KafkaRecord[] records;

  /** Version of the event's form. */
  public String getEventVersion() {
    return event_version;
  }

  public void setEventVersion(String eventVersion) {
    this.event_version = eventVersion;
  }

  /** Region of the instance. */
  public String getRegion() {
    return region;
  }

  public void setRegion(String region) {
    this.region = region;
  }

  /** Seconds since 1970. */
  public String getEventTime() {
    return event_time;
  }

  public void setEventTime(String eventTime) {
    this.event_time = eventTime;
  }

  /** Always KAFKA. */
  public String getTriggerType() {
    return trigger_type;
  }

  public void setTriggerType(String triggerType) {
    this.trigger_type = triggerType;
  }

  /** Id of the Kafka instance. */
  public String getInstanceId() {
    return instance_id;
  }

  public void setInstanceId(String instanceId) {
    this.instance_id = instanceId;
  }

  /** Messages by topic. */
  public KafkaRecord[] getRecords() {
    return records;
  }

  public void setRecords(KafkaRecord[] records) {
    this.records = records;
  }
}
