package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void init(Context context) throws InterruptedException {
    Thread.sleep(60_000);
  }

  public int handler(Object event, Context context) {
    return 1;
  }
}
