package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public String handler(Object event, Context context) {
    return event + "–木😀";
  }
}
