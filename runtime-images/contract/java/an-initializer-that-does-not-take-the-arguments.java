package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void init(int number) {}

  public int handler(Object event, Context context) {
    return 1;
  }
}
