package com.huawei.services.runtime.entity.obs;

import com.huawei.services.runtime.entity.Entity;

/** An object. */
public class ObsObject extends Entity {
  private String key;
  private long size;
  private String eTag;
  private String versionId;
  private String sequencer;

  /** URL-encoded key. */
  public String getKey() {
    return key;
  }

  public void setKey(String key) {
    this.key = key;
  }

  /** Bytes. */
  public long getSize() {
    return size;
  }

  public void setSize(long size) {
    this.size = size;
  }

  /** MD5 of the content. */
  public String getETag() {
    return eTag;
  }

  public void setETag(String eTag) {
    this.eTag = eTag;
  }

  /** Version of the object. */
  public String getVersionId() {
    return versionId;
  }

  public void setVersionId(String versionId) {
    this.versionId = versionId;
  }

  /** Orders events of one object. */
  public String getSequencer() {
    return sequencer;
  }

  public void setSequencer(String sequencer) {
    this.sequencer = sequencer;
  }
}
