package com.huawei.services.runtime.entity.obs;

import com.huawei.services.runtime.entity.Entity;
import java.util.Map;

/** A bucket. */
public class ObsBucket extends Entity {
  private String name;
  private String arn;
  private Map<String, String> ownerIdentity;

  /** Name of the bucket. */
  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  /** Long name of the bucket. */
  public String getArn() {
    return arn;
  }

  public void setArn(String arn) {
    this.arn = arn;
  }

  /** Who owns it. */
  public Map<String, String> getOwnerIdentity() {
    return ownerIdentity;
  }

  public void setOwnerIdentity(Map<String, String> ownerIdentity) {
    this.ownerIdentity = ownerIdentity;
  }
}
