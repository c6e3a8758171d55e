package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void init(Context context) {
    throw new IllegalStateException("not ready");
  }

  public int handler(Object event, Context context) {
    return 1;
  }
}
