package com.huawei.services.runtime.entity.obs;

import com.huawei.services.runtime.entity.Entity;
import java.util.Map;

/** One operation on an object. */
public class ObsRecord extends Entity {
  private String eventVersion;
  private String eventSource;
  private String awsRegion;
  private String eventTime;
  private String eventName;
  private Map<String, String> userIdentity;
  private Map<String, String> requestParameters;
  private Map<String, Object> responseElements;
  private ObsBody s3;

  /** Version of the event's form. */
  public String getEventVersion() {
    return eventVersion;
  }

  public void setEventVersion(String eventVersion) {
    this.eventVersion = eventVersion;
  }

  /** The service. */
  public String getEventSource() {
    return eventSource;
  }

  public void setEventSource(String eventSource) {
    this.eventSource = eventSource;
  }

  /** Region of the bucket. */
  public String getRegion() {
    return awsRegion;
  }

  public void setRegion(String region) {
    this.awsRegion = region;
  }

  /** When it happened. */
  public String getEventTime() {
    return eventTime;
  }

  public void setEventTime(String eventTime) {
    this.eventTime = eventTime;
  }

  /** For example ObjectCreated:Put. */
  public String getEventName() {
    return eventName;
  }

  public void setEventName(String eventName) {
    this.eventName = eventName;
  }

  /** Who did it. */
  public Map<String, String> getUserIdentity() {
    return userIdentity;
  }

  public void setUserIdentity(Map<String, String> userIdentity) {
    this.userIdentity = userIdentity;
  }

  /** Where the request came from. */
  public Map<String, String> getRequestParameters() {
    return requestParameters;
  }

  public void setRequestParameters(Map<String, String> requestParameters) {
    this.requestParameters = requestParameters;
  }

  /** Ids of the request; may be null. */
  public Map<String, Object> getResponseElements() {
    return responseElements;
  }

  public void setResponseElements(Map<String, Object> responseElements) {
    this.responseElements = responseElements;
  }

  /** Bucket and object. */
  public ObsBody getS3() {
    return s3;
  }

  public void setS3(ObsBody s3) {
    this.s3 = s3;
  }
}
