package com.huawei.services.runtime.entity.obs;

import com.huawei.services.runtime.entity.Entity;

/** What an OBS trigger sends. */
public class ObsTriggerEvent extends Entity {
  private ObsRecord[] Records;

  /** The operations. */
  public ObsRecord[] getRecord() {
    return Records;
  }

  public void setRecord(ObsRecord[] record) {
    this.Records = record;
  }

  /** Name of the first record's bucket. */
  public String getBucketName() {
    return first().getS3().getBucket().getName();
  }

  /** URL-encoded key of the first record's object. */
  public String getObjectKey() {
    return first().getS3().getObject().getKey();
  }

  /** What was done, for example ObjectCreated:Put. */
  public String getEventName() {
    return first().getEventName();
  }

  private ObsRecord first() {
    if (Records == null || Records.length == 0) {
      throw new IllegalStateException("the event has no record");
    }
    return Records[0];
  }
}
