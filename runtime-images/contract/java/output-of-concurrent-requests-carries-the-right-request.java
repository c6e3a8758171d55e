package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public String handler(int event, Context context) throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.out.println("of " + event);
      Thread.sleep(5);
    }
    return context.getRequestID();
  }
}
