package demo;

import com.huawei.services.runtime.Context;
import java.util.concurrent.atomic.AtomicInteger;

public class Index {
  private final AtomicInteger running = new AtomicInteger();

  public boolean handler(Object event, Context context) throws InterruptedException {
    running.incrementAndGet();
    Thread.sleep(10);
    return running.getAndDecrement() <= 2;
  }
}
