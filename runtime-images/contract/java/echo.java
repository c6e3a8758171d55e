package demo;

import com.google.gson.JsonElement;
import com.huawei.services.runtime.Context;

public class Index {
  public Object handler(JsonElement event, Context context) {
    boolean isText = event.isJsonPrimitive() && event.getAsJsonPrimitive().isString();
    return isText ? event.getAsString() : event;
  }
}
