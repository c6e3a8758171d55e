package demo;

import com.huawei.services.runtime.Context;

public class Index {
  public void handler(Object event, Context context) {
    System.out.println("out " + 1);
    System.err.println("err");
    System.out.print("begun ");
    System.out.print("and ended\n");
    System.out.println("two\nlines");
    System.err.print("no newline");
  }
}
