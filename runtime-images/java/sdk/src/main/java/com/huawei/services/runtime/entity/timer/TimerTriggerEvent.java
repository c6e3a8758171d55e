package com.huawei.services.runtime.entity.timer;

import com.huawei.services.runtime.entity.Entity;

/** What a TIMER trigger sends. */
public class TimerTriggerEvent extends Entity {
  private String version;
  private String time;
  private String trigger_type;
  private String trigger_name;
  private String user_event;

  /** Version of the event's form. */
  public String getVersion() {
    return version;
  }

  public void setVersion(String version) {
    this.version = version;
  }

  /** When it was due, with an offset. */
  public String getTime() {
    return time;
  }

  public void setTime(String time) {
    this.time = time;
  }

  /** Always TIMER. */
  public String getTriggerType() {
    return trigger_type;
  }

  public void setTriggerType(String triggerType) {
    this.trigger_type = triggerType;
  }

  /** Name of the trigger. */
  public String getTriggerName() {
    return trigger_name;
  }

  public void setTriggerName(String triggerName) {
    this.trigger_name = triggerName;
  }

  /** The text that the trigger was given. */
  public String getUserEvent() {
    return user_event;
  }

  public void setUserEvent(String userEvent) {
    this.user_event = userEvent;
  }
}
