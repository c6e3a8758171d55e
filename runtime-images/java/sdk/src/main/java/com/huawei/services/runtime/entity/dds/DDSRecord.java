package com.huawei.services.runtime.entity.dds;

import com.huawei.services.runtime.entity.Entity;

/** One change of a collection. */
public class DDSRecord extends Entity {
  private String event_name;
  private String event_version;
  private String event_source;
  private String region;
  private DDSBody dds;
  private String event_source_id;

  /** For example insert. */
  public String getEventName() {
    return event_name;
  }

  public void setEventName(String eventName) {
    this.event_name = eventName;
  }

  /** Version of the event's form. */
  public String getEventVersion() {
    return event_version;
  }

  public void setEventVersion(String eventVersion) {
    this.event_version = eventVersion;
  }

  /** Always dds. */
  public String getEventSource() {
    return event_source;
  }

  public void setEventSource(String eventSource) {
    this.event_source = eventSource;
  }

  /** Region of the database. */
  public String getRegion() {
    return region;
  }

  public void setRegion(String region) {
    this.region = region;
  }

  /** The change. */
  public DDSBody getDds() {
    return dds;
  }

  public void setDds(DDSBody dds) {
    this.dds = dds;
  }

  /** Id of the database. */
  public String getEventSourceId() {
    return event_source_id;
  }

  public void setEventSourceId(String eventSourceId) {
    this.event_source_id = eventSourceId;
  }
}
