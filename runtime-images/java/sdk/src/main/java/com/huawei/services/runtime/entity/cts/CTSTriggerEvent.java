package com.huawei.services.runtime.entity.cts;

import com.huawei.services.runtime.entity.Entity;

/** What a CTS trigger sends. */
public class CTSTriggerEvent extends Entity {
  private CTS cts;

  /** The audited operation. */
  public CTS getCts() {
    return cts;
  }

  public void setCts(CTS cts) {
    this.cts = cts;
  }
}
