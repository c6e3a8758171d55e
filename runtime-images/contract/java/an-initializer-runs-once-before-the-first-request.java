package demo;

import com.huawei.services.runtime.Context;

public class Index {
  private int count;

  public void init(Context context) {
    System.out.println("initializing");
    count++;
  }

  public int handler(Object event, Context context) {
    return count;
  }
}
