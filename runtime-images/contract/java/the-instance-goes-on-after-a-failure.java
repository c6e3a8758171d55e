package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public static class Event {
    boolean bad;
  }

  public String handler(Event event, Context context) {
    if (event.bad) {
      throw new IllegalArgumentException("bad");
    }
    return "good";
  }
}
