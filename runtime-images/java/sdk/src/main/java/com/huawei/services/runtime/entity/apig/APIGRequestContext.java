package com.huawei.services.runtime.entity.apig;

import com.huawei.services.runtime.entity.Entity;

/** What the gateway knows of a request. */
public class APIGRequestContext extends Entity {
  private String apiId;
  private String requestId;
  private String stage;
  private String sourceIp;

  /** Id of the API. */
  public String getApiId() {
    return apiId;
  }

  public void setApiId(String apiId) {
    this.apiId = apiId;
  }

  /** Id of the request. */
  public String getRequestId() {
    return requestId;
  }

  public void setRequestId(String requestId) {
    this.requestId = requestId;
  }

  /** The environment that the API is published in. */
  public String getStage() {
    return stage;
  }

  public void setStage(String stage) {
    this.stage = stage;
  }

  /** Address of the caller; null when the gateway does not tell. */
  public String getSourceIp() {
    return sourceIp;
  }

  public void setSourceIp(String sourceIp) {
    this.sourceIp = sourceIp;
  }
}
