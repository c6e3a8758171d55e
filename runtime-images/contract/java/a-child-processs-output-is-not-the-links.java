package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public String handler(Object event, Context context) throws Exception {
    new ProcessBuilder("echo", "from the child").inheritIO().start().waitFor();
    return "parent";
  }
}
