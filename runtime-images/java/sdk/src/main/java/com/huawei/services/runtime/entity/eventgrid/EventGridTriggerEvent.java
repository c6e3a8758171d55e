package com.huawei.services.runtime.entity.eventgrid;

import com.huawei.services.runtime.entity.Entity;
import java.util.Map;

/** What an EVENTGRID trigger sends: a CloudEvent. */
public class EventGridTriggerEvent extends Entity {
  private String id;
  private String source;
  private String specversion;
  private String type;
  private String subject;
  private String time;
  private String datacontenttype;
  private String dataschema;
  private String ttl;
  private Map<String, Object> data;

  /** Id of the event. */
  public String getId() {
    return id;
  }

  public void setId(String id) {
    this.id = id;
  }

  /** Where it comes from. */
  public String getSource() {
    return source;
  }

  public void setSource(String source) {
    this.source = source;
  }

  /** Version of CloudEvents. */
  public String getSpecversion() {
    return specversion;
  }

  public void setSpecversion(String specversion) {
    this.specversion = specversion;
  }

  /** Kind of event. */
  public String getType() {
    return type;
  }

  public void setType(String type) {
    this.type = type;
  }

  /** What it is about. */
  public String getSubject() {
    return subject;
  }

  public void setSubject(String subject) {
    this.subject = subject;
  }

  /** When it happened. */
  public String getTime() {
    return time;
  }

  public void setTime(String time) {
    this.time = time;
  }

  /** Media type of the data. */
  public String getDatacontenttype() {
    return datacontenttype;
  }

  public void setDatacontenttype(String datacontenttype) {
    this.datacontenttype = datacontenttype;
  }

  /** Schema of the data; may be empty. */
  public String getDataschema() {
    return dataschema;
  }

  public void setDataschema(String dataschema) {
    this.dataschema = dataschema;
  }

  /** How long it counts. */
  public String getTtl() {
    return ttl;
  }

  public void setTtl(String ttl) {
    this.ttl = ttl;
  }

  /** The data. */
  public Map<String, Object> getData() {
    return data;
  }

  public void setData(Map<String, Object> data) {
    this.data = data;
  }
}
