package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public int handler(Object event, Context context) {
    return 42;
  }
}
