package demo;

import com.huawei.services.runtime.Context;
import com.huawei.services.runtime.entity.apig.APIGTriggerResponse;
import java.util.Collections;
import java.util.Map;

public class Index {
  public APIGTriggerResponse handler(Map<String, String> event, Context context) {
    context.getLogger().info("greets " + event.get("name"));
    Map<String, String> headers = Collections.singletonMap("Content-Type", "text/plain");
    return new APIGTriggerResponse(200, headers, "Hello, " + event.get("name") + "!");
  }
}
