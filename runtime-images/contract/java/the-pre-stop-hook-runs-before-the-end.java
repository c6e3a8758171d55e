package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void stop(Context context) {
    System.out.println("stopping " + context.getFunctionName());
  }

  public int handler(Object event, Context context) {
    return 1;
  }
}
