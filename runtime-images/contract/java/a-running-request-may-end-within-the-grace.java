package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public String handler(Object event, Context context) throws InterruptedException {
    Thread.sleep(100);
    return "ended";
  }
}
