package fungraph.runtime;

import java.io.IOException;
import java.util.Arrays;

/**
 * Frames on their way to the platform, from any thread; whole frames, in the order they were added.
 */
final class Link {
  private static final int USUAL_BYTES = 16 << 10;

  /** Payloads from here on are not copied. */
  private static final int LARGE_BYTES = 64 << 10;

  private final Connection connection;
  private byte[] buffer = new byte[USUAL_BYTES];
  private int length;

  Link(Connection connection) {
    this.connection = connection;
  }

  /** Adds a RESULT; it leaves with the next flush. */
  synchronized void result(int call, long micros, int memoryKib, byte[] payload) {
    begin(Frame.RESULT, call, 8, payload.length);
    times(micros, memoryKib);
    append(payload, 0, payload.length);
  }

  /** Adds an ERROR; it leaves with the next flush. */
  synchronized void error(int call, long micros, int memoryKib, Failure failure) {
    begin(Frame.ERROR, call, 10, failure.body.length);
    times(micros, memoryKib);
    length = Frame.putShort(buffer, length, failure.code);
    append(failure.body, 0, failure.body.length);
  }

  /** Sends a line at once, so that a request that hangs or is killed keeps it. */
  synchronized void log(int call, int level, byte[] text, int from, int to) {
    begin(Frame.LOG, call, 1, to - from);
    buffer[length++] = (byte) level;
    append(text, from, to - from);
    flush();
  }

  /** Sends a frame that speaks of the instance, at once. */
  synchronized void send(int type, byte[] payload) {
    begin(type, 0, 0, payload.length);
    append(payload, 0, payload.length);
    flush();
  }

  /** Sends what was added. */
  synchronized void flush() {
    if (length == 0) {
      return;
    }
    write(buffer, 0, length);
    length = 0;
    if (buffer.length > LARGE_BYTES) {
      buffer = new byte[USUAL_BYTES];
    }
  }

  private void begin(int type, int call, int headLength, int payloadLength) {
    int most = Frame.HEADER_BYTES + headLength + Math.min(payloadLength, LARGE_BYTES);
    if (length + most > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(length + most, buffer.length * 2));
    }
    int at = Frame.putInt(buffer, length, headLength + payloadLength);
    buffer[at] = (byte) type;
    buffer[at + 1] = 0;
    at = Frame.putShort(buffer, at + 2, headLength);
    length = Frame.putInt(buffer, at, call);
  }

  private void times(long micros, int memoryKib) {
    length = Frame.putInt(buffer, length, (int) Math.min(micros, 0xffffffffL));
    length = Frame.putInt(buffer, length, memoryKib);
  }

  private void append(byte[] payload, int from, int count) {
    if (count <= LARGE_BYTES) {
      System.arraycopy(payload, from, buffer, length, count);
      length += count;
      return;
    }
    flush();
    write(payload, from, count);
  }

  private void write(byte[] bytes, int from, int count) {
    try {
      connection.write(bytes, from, count);
    } catch (IOException gone) {
      // Without the platform there is nothing left to do.
      Runtime.getRuntime().halt(0);
    }
  }
}
