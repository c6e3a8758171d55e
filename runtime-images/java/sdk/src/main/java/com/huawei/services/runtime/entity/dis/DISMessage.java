package com.huawei.services.runtime.entity.dis;

import com.huawei.services.runtime.entity.Entity;

/** Records of a stream. */
public class DISMessage extends Entity {
  private String next_partition_cursor;
  private DISRecord[] records;
  private String millis_behind_latest;

  /** Where reading goes on. */
  public String getNextPartitionCursor() {
    return next_partition_cursor;
  }

  public void setNextPartitionCursor(String nextPartitionCursor) {
    this.next_partition_cursor = nextPartitionCursor;
  }

  /** The records. */
  public DISRecord[] getRecords() {
    return records;
  }

  public void setRecords(DISRecord[] records) {
    this.records = records;
  }

  /** How far behind the newest record these are; may be empty. */
  public String getMillisBehindLatest() {
    return millis_behind_latest;
  }

  public void setMillisBehindLatest(String millisBehindLatest) {
    this.millis_behind_latest = millisBehindLatest;
  }
}
