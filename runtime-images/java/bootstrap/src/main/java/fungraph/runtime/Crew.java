package fungraph.runtime;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of the instance. They take turns at reading the link: whoever reads a request runs it
 * too, without waking another thread. When that takes longer, or is known to, another one reads on.
 */
final class Crew {
  /** What reads the next work from the link; null for a frame that was dealt with on the spot. */
  interface Source {
    Runnable next() throws IOException;

    boolean hasNext();

    void flush();
  }

  /**
   * Typical runs from here on: finished results do not wait for the next one, and others may run
   * beside it.
   */
  private static final long LONG_NANOS = 200_000;

  /**
   * Share of the newest run in what is typical, as a power of two: one that was merely interrupted
   * is soon forgotten.
   */
  private static final int NEWEST_SHIFT = 3;

  /** A run is left alone with the link for so long. */
  private static final long ALONE_NANOS = 1_000_000;

  /** After so long without work nobody watches. */
  private static final long QUIET_NANOS = 10_000_000;

  private final Source source;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final Thread watch;
  private int limit = 1;
  private int running;
  private int threads;
  private int idle;
  private boolean reading;
  private volatile long typical;

  /** When the last reader left for a run without anybody in its place; 0 while somebody reads. */
  private volatile long leftAt;

  private volatile long lastLeft;
  private volatile boolean parked;

  Crew(Source source) {
    this.source = source;
    this.watch = new Member("fungraph-watch", false);
  }

  /** So many may run at the same time from now on. */
  synchronized void limit(int concurrency) {
    limit = concurrency;
  }

  /** True when nothing runs or waits. */
  synchronized boolean isIdle() {
    return running == 0 && waiting.isEmpty();
  }

  /** Makes the calling thread one of the crew; never returns. */
  void join() {
    synchronized (this) {
      threads++;
    }
    watch.start();
    workOrEnd();
  }

  /**
   * Requests keep what their code throws to themselves; without a thread the instance would hang.
   */
  private void workOrEnd() {
    try {
      work();
    } catch (Throwable broken) {
      broken.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private void work() {
    for (; ; ) {
      Runnable task = take();
      if (typical > LONG_NANOS || leftAt == 0) {
        source.flush();
      }
      long began = System.nanoTime();
      task.run();
      long spent = System.nanoTime() - began;
      typical += (spent - typical) >> NEWEST_SHIFT;
      // The code may have interrupted whoever ran it.
      Thread.interrupted();
      synchronized (this) {
        running--;
      }
    }
  }

  private Runnable take() {
    for (; ; ) {
      synchronized (this) {
        while (reading && (running >= limit || waiting.isEmpty())) {
          source.flush();
          rest();
        }
        if (running < limit && !waiting.isEmpty()) {
          running++;
          return waiting.poll();
        }
        reading = true;
        leftAt = 0;
      }
      read();
    }
  }

  /** Reads until there is something to run, then leaves the link to whoever comes. */
  private void read() {
    for (; ; ) {
      if (!source.hasNext()) {
        source.flush();
      }
      Runnable task = next();
      synchronized (this) {
        if (task != null) {
          waiting.add(task);
        }
        if (running < limit && !waiting.isEmpty()) {
          reading = false;
          leave();
          return;
        }
      }
    }
  }

  private Runnable next() {
    try {
      return source.next();
    } catch (IOException broken) {
      Runtime.getRuntime().halt(0);
      return null;
    }
  }

  private void leave() {
    if (limit > 1 && typical > LONG_NANOS) {
      call();
      return;
    }
    lastLeft = leftAt = System.nanoTime() | 1;
    if (parked) {
      LockSupport.unpark(watch);
    }
  }

  /** Has another thread read on, or run what waits. */
  private void call() {
    leftAt = 0;
    if (idle > 0) {
      notify();
    } else if (threads <= limit) {
      new Member("fungraph-" + threads, true).start();
      threads++;
    }
  }

  private void rest() {
    idle++;
    try {
      wait();
    } catch (InterruptedException again) {
      // Nobody but the code itself interrupts; the link goes on.
    }
    idle--;
  }

  private void watch() {
    for (; ; ) {
      long left = leftAt;
      long now = System.nanoTime();
      if (left != 0 && now - left > ALONE_NANOS) {
        source.flush();
        synchronized (this) {
          if (leftAt == left) {
            call();
          }
        }
      }
      if (now - lastLeft < QUIET_NANOS) {
        LockSupport.parkNanos(ALONE_NANOS);
        continue;
      }
      long seen = lastLeft;
      parked = true;
      if (lastLeft == seen) {
        LockSupport.park();
      }
      parked = false;
    }
  }

  private final class Member extends Thread {
    private final boolean works;

    Member(String name, boolean works) {
      super(name);
      this.works = works;
      setDaemon(true);
    }

    @Override
    public void run() {
      if (works) {
        workOrEnd();
      } else {
        watch();
      }
    }
  }
}
