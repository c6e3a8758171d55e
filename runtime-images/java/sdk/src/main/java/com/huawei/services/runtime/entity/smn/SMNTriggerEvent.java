package com.huawei.services.runtime.entity.smn;

import com.huawei.services.runtime.entity.Entity;

/** What an SMN trigger sends. */
public class SMNTriggerEvent extends Entity {
  private SMNRecord[] record;

  /** The notifications. */
  public SMNRecord[] getRecord() {
    return record;
  }

  public void setRecord(SMNRecord[] record) {
    this.record = record;
  }
}
