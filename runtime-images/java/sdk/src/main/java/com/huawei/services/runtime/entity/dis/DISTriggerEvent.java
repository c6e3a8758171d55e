package com.huawei.services.runtime.entity.dis;

import com.huawei.services.runtime.entity.Entity;

/** What a DIS trigger sends. */
public class DISTriggerEvent extends Entity {
  private String ShardID;
  private DISMessage Message;
  private String Tag;
  private String StreamName;

  /** Id of the partition. */
  public String getShardID() {
    return ShardID;
  }

  public void setShardID(String shardId) {
    this.ShardID = shardId;
  }

  /** The records. */
  public DISMessage getMessage() {
    return Message;
  }

  public void setMessage(DISMessage message) {
    this.Message = message;
  }

  /** Version of the function. */
  public String getTag() {
    return Tag;
  }

  public void setTag(String tag) {
    this.Tag = tag;
  }

  /** Name of the stream. */
  public String getStreamName() {
    return StreamName;
  }

  public void setStreamName(String streamName) {
    this.StreamName = streamName;
  }
}
