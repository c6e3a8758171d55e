package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public Object[] handler(Object event, Context context) {
    return new Object[] {
      context.getUserData("KEY"),
      context.getUserData("none") == null,
      context.getUserData("toString") == null
    };
  }
}
