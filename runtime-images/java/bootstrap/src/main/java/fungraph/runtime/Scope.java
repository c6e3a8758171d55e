package fungraph.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The log of one call, or of the instance: what it may still write, and the line it has begun. */
class Scope {
  static final int DEBUG = 1;
  static final int INFO = 2;
  static final int WARN = 3;
  static final int ERROR = 4;

  private static final int LINE_BYTES = 90 << 10;

  /** One call keeps 4 MiB of log; the last KiB is for the line that tells what was dropped. */
  private static final int KEPT_BYTES = (4 << 20) - 1024;

  private final Link link;
  private final int call;
  private volatile boolean finished;
  private long kept;
  private long dropped;
  private byte[] begun = new byte[0];
  private int begunLevel = INFO;

  Scope(Link link, int call) {
    this.link = link;
    this.call = call;
  }

  boolean isFinished() {
    return finished;
  }

  /** Writes one text of any length. */
  final synchronized void log(int level, String text) {
    if (finished) {
      Output.ofInstance().log(level, text);
    } else {
      log(level, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Takes what a stream writes; a line goes out when its newline comes. */
  final synchronized void write(int level, byte[] bytes, int from, int length) {
    if (finished) {
      // It ended since the writer looked; its number may be in no frame any more.
      Output.ofInstance().write(level, bytes, from, length);
      return;
    }
    int last = from + length - 1;
    while (last >= from && bytes[last] != '\n') {
      last--;
    }
    int rest = from;
    if (last >= from) {
      log(level, joined(bytes, from, last));
      begun = new byte[0];
      rest = last + 1;
    }
    if (rest < from + length) {
      begun = joined(bytes, rest, from + length);
      begunLevel = level;
      while (begun.length > LINE_BYTES) {
        int end = cut(begun, 0);
        send(level, begun, 0, end);
        begun = Arrays.copyOfRange(begun, end, begun.length);
      }
    }
  }

  /** Ends the call's log; later writes of its code belong to the instance. */
  final synchronized void finish() {
    endLine();
    if (dropped > 0) {
      String text = dropped + " bytes of log were dropped: one invocation keeps 4194304 bytes";
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      link.log(call, WARN, bytes, 0, bytes.length);
    }
    finished = true;
  }

  /** Sends a line that was begun. */
  final synchronized void endLine() {
    if (begun.length > 0) {
      log(begunLevel, begun);
      begun = new byte[0];
    }
  }

  /** The instance's log has the same limit as a call's, anew from each request on. */
  final synchronized void renew() {
    if (kept > 0) {
      finish();
      finished = false;
      kept = 0;
      dropped = 0;
    }
  }

  private void log(int level, byte[] text) {
    int at = 0;
    do {
      int end = cut(text, at);
      send(level, text, at, end);
      at = end;
    } while (at < text.length);
  }

  private void send(int level, byte[] text, int from, int to) {
    kept += to - from;
    if (kept <= KEPT_BYTES) {
      link.log(call, level, text, from, to);
    } else {
      dropped += to - from;
    }
  }

  private byte[] joined(byte[] bytes, int from, int to) {
    byte[] line = Arrays.copyOf(begun, begun.length + to - from);
    System.arraycopy(bytes, from, line, begun.length, to - from);
    return line;
  }

  /** End of the piece that begins at a place, never inside a character. */
  private static int cut(byte[] text, int at) {
    int end = at + LINE_BYTES;
    if (end >= text.length) {
      return text.length;
    }
    while (end > at + LINE_BYTES - 4 && (text[end] & 0xc0) == 0x80) {
      end--;
    }
    return end;
  }
}
