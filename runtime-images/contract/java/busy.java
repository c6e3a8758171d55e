package demo;

import com.huawei.services.runtime.Context;

public class Index {
  /** Computes for as many milliseconds as the event says. */
  public void handler(int event, Context context) {
    long end = System.nanoTime() + event * 1_000_000L;
    while (System.nanoTime() < end) {
      Thread.yield();
    }
  }
}
