package com.huawei.services.runtime.entity.dds;

import com.huawei.services.runtime.entity.Entity;

/** What a DDS trigger sends. */
public class DDSTriggerEvent extends Entity {
  private DDSRecord[] records;

  /** The changes. */
  public DDSRecord[] getRecords() {
    return records;
  }

  public void setRecords(DDSRecord[] records) {
    this.records = records;
  }
}
