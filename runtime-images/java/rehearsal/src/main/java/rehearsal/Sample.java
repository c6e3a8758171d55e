package rehearsal;

import com.huawei.services.runtime.Context;
import java.util.List;
import java.util.Map;

/** Does a little of what functions do. */
public class Sample {
  /** An event of many types. */
  public static class Event {
    String text;
    int number;
    List<String> list;
    Map<String, Object> more;
  }

  /** Answers the event, or fails when there is no text. */
  public Event handler(Event event, Context context) {
    if (event.text == null) {
      throw new IllegalArgumentException(context.getRequestID());
    }
    context.getLogger().info(event.text);
    System.out.println(event.number);
    return event;
  }
}
