package rehearsal;

import com.huawei.services.runtime.Context;
import com.huawei.services.runtime.entity.apig.APIGTriggerEvent;
import com.huawei.services.runtime.entity.apig.APIGTriggerResponse;

/** Does a little of what functions do: most answer an HTTP request. */
public class Sample {
  /** Answers with the request's body, or fails when there is no path. */
  public APIGTriggerResponse handler(APIGTriggerEvent event, Context context) {
    if (event.getPath() == null) {
      throw new IllegalArgumentException(context.getRequestID());
    }
    context.getLogger().info(event.getPath());
    System.out.println(event.getHttpMethod());
    APIGTriggerResponse response = new APIGTriggerResponse();
    response.addHeader("Content-Type", "application/json");
    response.setBody(event.getRawBody());
    return response;
  }
}
