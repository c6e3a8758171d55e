package demo;

import com.huawei.services.runtime.Context;

public class Index {
  static {
    fail();
  }

  private static void fail() {
    throw new IllegalStateException("early");
  }

  public int handler(Object event, Context context) {
    return 1;
  }
}
