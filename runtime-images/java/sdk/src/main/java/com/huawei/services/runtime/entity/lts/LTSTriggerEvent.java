package com.huawei.services.runtime.entity.lts;

import com.huawei.services.runtime.entity.Entity;

/** What an LTS trigger sends. */
public class LTSTriggerEvent extends Entity {
  private LTSBody lts;

  /** The log lines. */
  public LTSBody getLts() {
    return lts;
  }

  public void setLts(LTSBody lts) {
    this.lts = lts;
  }
}
