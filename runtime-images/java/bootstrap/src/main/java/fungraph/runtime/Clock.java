package fungraph.runtime;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Times as the log wants them, and the process's memory. */
final class Clock {
  private static final long SAMPLE_NANOS = 250_000_000;
  private static final int PAGE_KIB = 4;
  private static final long MILLIS_PER_DAY = 86_400_000;

  private static volatile long sampledAt = System.nanoTime() - SAMPLE_NANOS;
  private static volatile int memoryKib = 1;

  private Clock() {}

  /** Resident memory in KiB, read at most every 250 ms. */
  static int residentKib(long now) {
    if (now - sampledAt >= SAMPLE_NANOS) {
      sampledAt = now;
      memoryKib = readKib();
    }
    return memoryKib;
  }

  private static int readKib() {
    byte[] text = new byte[64];
    try (FileInputStream statm = new FileInputStream("/proc/self/statm")) {
      String[] pages =
          new String(text, 0, Math.max(0, statm.read(text)), StandardCharsets.US_ASCII).split(" ");
      return Integer.parseInt(pages[1]) * PAGE_KIB;
    } catch (IOException elsewhere) {
      Runtime runtime = Runtime.getRuntime();
      return (int) ((runtime.totalMemory() - runtime.freeMemory()) >> 10);
    }
  }

  /**
   * UTC with milliseconds, as 2026-01-31T08:00:00.123Z. Formatters of java.time would cost a first
   * line 10 ms.
   */
  static String isoTime() {
    long now = System.currentTimeMillis();
    long millis = Math.floorMod(now, MILLIS_PER_DAY);
    StringBuilder text = new StringBuilder(24);
    text.append(LocalDate.ofEpochDay(Math.floorDiv(now, MILLIS_PER_DAY))).append('T');
    digits(text, millis / 3_600_000, 10).append(':');
    digits(text, millis / 60_000 % 60, 10).append(':');
    digits(text, millis / 1000 % 60, 10).append('.');
    return digits(text, millis % 1000, 100).append('Z').toString();
  }

  private static StringBuilder digits(StringBuilder text, long number, long least) {
    for (long one = least; one > number && one > 1; one /= 10) {
      text.append('0');
    }
    return text.append(number);
  }
}
