package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public Object handler(Object event, Context context) {
    return null;
  }
}
