package demo;

import absent.NotThere;
import com.huawei.services.runtime.Context;

public class Index {
  private final NotThere dependency = new NotThere();

  public String handler(Object event, Context context) {
    return dependency.toString();
  }
}
