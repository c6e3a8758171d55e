package demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.huawei.services.runtime.Context;
import java.util.Collections;

public class Index {
  public Object[] handler(Object event, Context context) {
    context.setState(Collections.singletonMap("a", 1));
    JsonObject property = JsonParser.parseString(context.getInvokeProperty()).getAsJsonObject();
    return new Object[] {
      context.getState(),
      context.getInstanceID(),
      context.getInvokeID().equals(context.getRequestID()),
      context.getTraceID(),
      property.get("invokeType").getAsString()
    };
  }
}
