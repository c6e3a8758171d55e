package com.huawei.services.runtime.entity.cts;

import com.huawei.services.runtime.entity.Entity;

/** Who did something. */
public class User extends Entity {
  private String name;
  private String id;
  private Domain domain;

  /** Name of the user. */
  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  /** Id of the user. */
  public String getId() {
    return id;
  }

  public void setId(String id) {
    this.id = id;
  }

  /** The user's domain. */
  public Domain getDomain() {
    return domain;
  }

  public void setDomain(Domain domain) {
    this.domain = domain;
  }
}
