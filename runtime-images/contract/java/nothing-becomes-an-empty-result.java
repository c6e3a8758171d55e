package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void handler(Object event, Context context) {
    // Nothing to do.
  }
}
