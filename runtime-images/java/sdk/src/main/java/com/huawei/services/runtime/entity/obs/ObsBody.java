package com.huawei.services.runtime.entity.obs;

import com.huawei.services.runtime.entity.Entity;

/** A bucket and an object in it. */
public class ObsBody extends Entity {
  private String configurationId;
  private ObsBucket bucket;
  private ObsObject object;

  /** Id of the notification's configuration. */
  public String getConfigurationId() {
    return configurationId;
  }

  public void setConfigurationId(String configurationId) {
    this.configurationId = configurationId;
  }

  /** The bucket. */
  public ObsBucket getBucket() {
    return bucket;
  }

  public void setBucket(ObsBucket bucket) {
    this.bucket = bucket;
  }

  /** The object. */
  public ObsObject getObject() {
    return object;
  }

  public void setObject(ObsObject object) {
    this.object = object;
  }
}
