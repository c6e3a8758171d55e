package com.huawei.services.runtime.entity.dis;

import com.huawei.services.runtime.entity.Entity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** One record of a stream. */
public class DISRecord extends Entity {
  private String partition_key;
  private String data;
  private String sequence_number;

  /** Key that chose the partition. */
  public String getPartitionKey() {
    return partition_key;
  }

  public void setPartitionKey(String partitionKey) {
    this.partition_key = partitionKey;
  }

  /** The record in Base64. */
  public String getData() {
    return data;
  }

  public void setData(String data) {
    this.data = data;
  }

  /** The record's text. */
  public String getRawData() {
    return data == null
        ? null
        : new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  /** Number of the record. */
  public String getSequenceNumber() {
    return sequence_number;
  }

  public void setSequenceNumber(String sequenceNumber) {
    this.sequence_number = sequenceNumber;
  }
}
