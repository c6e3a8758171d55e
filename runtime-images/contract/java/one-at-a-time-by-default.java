package demo;

import com.huawei.services.runtime.Context;
import java.util.concurrent.atomic.AtomicInteger;

public class Index {
  private final AtomicInteger running = new AtomicInteger();

  public int handler(Object event, Context context) throws InterruptedException {
    int most = running.incrementAndGet();
    Thread.sleep(5);
    running.decrementAndGet();
    return most;
  }
}
