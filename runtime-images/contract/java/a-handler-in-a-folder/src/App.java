package demo.src;

import com.huawei.services.runtime.Context;

public class App {
  public String main(Object event, Context context) {
    return new Dep().name();
  }
}
