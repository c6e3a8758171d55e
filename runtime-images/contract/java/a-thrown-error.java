package demo;

import com.huawei.services.runtime.Context;

public class Index {
  private static String deeper() {
    throw new IllegalStateException("boom");
  }

  public String handler(Object event, Context context) {
    return deeper();
  }
}
