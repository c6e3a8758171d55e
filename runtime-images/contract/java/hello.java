package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public static class Event {
    String name;
  }

  public String handler(Event event, Context context) {
    return "hello " + event.name;
  }
}
