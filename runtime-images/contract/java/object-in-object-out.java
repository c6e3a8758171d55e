package demo;

import com.google.gson.JsonObject;
import com.huawei.services.runtime.Context;
import java.util.Collections;
import java.util.Map;

public class Index {
  public Map<String, Object> handler(JsonObject event, Context context) {
    return Collections.<String, Object>singletonMap("got", event);
  }
}
