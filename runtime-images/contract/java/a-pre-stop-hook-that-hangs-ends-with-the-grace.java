package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void stop() throws InterruptedException {
    Thread.sleep(60_000);
  }

  public int handler(Object event, Context context) {
    return 1;
  }
}
