package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void handler(Object event, Context context) {
    System.out.println("last words");
    Runtime.getRuntime().halt(4);
  }
}
