package demo;

import com.huawei.services.runtime.Context;

public class Index {
  static {
    System.out.println("loading");
  }

  public int handler(Object event, Context context) {
    return 1;
  }
}
