package demo;

import com.huawei.services.runtime.Context;
import fungraph.runtime.Link;

public class Index {
  public String handler(Object event, Context context) {
    return Link.whose();
  }
}
