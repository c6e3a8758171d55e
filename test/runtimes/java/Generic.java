package demo;

import com.huawei.services.runtime.Context;

/** Takes its event's type from what it extends and implements. */
public class Generic extends Base<Generic.Event> implements Handler<Generic.Event, String> {
  public static class Event {
    int number;

    @Override
    public String toString() {
      return "#" + number;
    }
  }

  @Override
  public String handleRequest(Event event, Context context) {
    return "number " + event.number;
  }
}
