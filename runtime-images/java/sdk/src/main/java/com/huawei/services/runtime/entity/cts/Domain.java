package com.huawei.services.runtime.entity.cts;

import com.huawei.services.runtime.entity.Entity;

/** An account. */
public class Domain extends Entity {
  private String name;
  private String id;

  /** Name of the domain. */
  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  /** Id of the domain. */
  public String getId() {
    return id;
  }

  public void setId(String id) {
    this.id = id;
  }
}
