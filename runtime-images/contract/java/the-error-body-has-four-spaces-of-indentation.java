package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public String handler(Object event, Context context) {
    throw new Odd("x");
  }
}

class Odd extends RuntimeException {
  Odd(String message) {
    super(message);
  }
}
