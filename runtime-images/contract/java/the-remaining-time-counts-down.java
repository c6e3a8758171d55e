package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public boolean[] handler(Object event, Context context) throws InterruptedException {
    int before = context.getRemainingTimeInMilliSeconds();
    Thread.sleep(60);
    int after = context.getRemainingTimeInMilliSeconds();
    return new boolean[] {before <= 5000, before > 3000, before - after >= 50};
  }
}
