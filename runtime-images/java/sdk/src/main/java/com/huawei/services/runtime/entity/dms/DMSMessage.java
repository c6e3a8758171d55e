package com.huawei.services.runtime.entity.dms;

import com.huawei.services.runtime.entity.Entity;
import java.util.Map;

/** One message of a queue. */
public class DMSMessage extends Entity {
  private Object body;
  private Map<String, String> attributes;

  /** The message. */
  public Object getBody() {
    return body;
  }

  public void setBody(Object body) {
    this.body = body;
  }

  /** Attributes; may be null. */
  public Map<String, String> getAttributes() {
    return attributes;
  }

  public void setAttributes(Map<String, String> attributes) {
    this.attributes = attributes;
  }
}
