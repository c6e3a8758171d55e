package com.huawei.services.runtime.entity.cts;

import com.huawei.services.runtime.entity.Entity;
import java.util.Map;

/** An audited operation. */
public class CTS extends Entity {
  private String time;
  private User user;
  private Map<String, Object> request;
  private Map<String, Object> response;
  private int code;
  private String service_type;
  private String resource_type;
  private String resource_name;
  private String resource_id;
  private String source_ip;
  private String trace_name;
  private String trace_type;
  private String trace_rating;
  private String trace_status;
  private String record_time;
  private String trace_id;
  private String project_id;
  private String domain_id;

  /** When it happened. */
  public String getTime() {
    return time;
  }

  public void setTime(String time) {
    this.time = time;
  }

  /** Who did it. */
  public User getUser() {
    return user;
  }

  public void setUser(User user) {
    this.user = user;
  }

  /** The request. */
  public Map<String, Object> getRequest() {
    return request;
  }

  public void setRequest(Map<String, Object> request) {
    this.request = request;
  }

  /** The reply. */
  public Map<String, Object> getResponse() {
    return response;
  }

  public void setResponse(Map<String, Object> response) {
    this.response = response;
  }

  /** HTTP status of the reply. */
  public int getCode() {
    return code;
  }

  public void setCode(int code) {
    this.code = code;
  }

  /** The service. */
  public String getServiceType() {
    return service_type;
  }

  public void setServiceType(String serviceType) {
    this.service_type = serviceType;
  }

  /** Kind of resource. */
  public String getResourceType() {
    return resource_type;
  }

  public void setResourceType(String resourceType) {
    this.resource_type = resourceType;
  }

  /** Name of the resource. */
  public String getResourceName() {
    return resource_name;
  }

  public void setResourceName(String resourceName) {
    this.resource_name = resourceName;
  }

  /** Id of the resource. */
  public String getResourceId() {
    return resource_id;
  }

  public void setResourceId(String resourceId) {
    this.resource_id = resourceId;
  }

  /** Address of the caller. */
  public String getSourceIp() {
    return source_ip;
  }

  public void setSourceIp(String sourceIp) {
    this.source_ip = sourceIp;
  }

  /** Name of the operation. */
  public String getTraceName() {
    return trace_name;
  }

  public void setTraceName(String traceName) {
    this.trace_name = traceName;
  }

  /** How it was called. */
  public String getTraceType() {
    return trace_type;
  }

  public void setTraceType(String traceType) {
    this.trace_type = traceType;
  }

  /** How grave it is. */
  public String getTraceRating() {
    return trace_rating;
  }

  public void setTraceRating(String traceRating) {
    this.trace_rating = traceRating;
  }

  /** How it ended. */
  public String getTraceStatus() {
    return trace_status;
  }

  public void setTraceStatus(String traceStatus) {
    this.trace_status = traceStatus;
  }

  /** When it was recorded. */
  public String getRecordTime() {
    return record_time;
  }

  public void setRecordTime(String recordTime) {
    this.record_time = recordTime;
  }

  /** Id of the record. */
  public String getTraceId() {
    return trace_id;
  }

  public void setTraceId(String traceId) {
    this.trace_id = traceId;
  }

  /** The project. */
  public String getProjectId() {
    return project_id;
  }

  public void setProjectId(String projectId) {
    this.project_id = projectId;
  }

  /** The domain. */
  public String getDomainId() {
    return domain_id;
  }

  public void setDomainId(String domainId) {
    this.domain_id = domainId;
  }
}
