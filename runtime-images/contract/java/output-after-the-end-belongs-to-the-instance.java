package demo;

import com.huawei.services.runtime.Context;
import java.util.concurrent.locks.LockSupport;

public class Index {
  public int handler(Object event, Context context) {
    new Thread(
            () -> {
              LockSupport.parkNanos(30_000_000);
              System.out.println("late");
            })
        .start();
    return 1;
  }
}
