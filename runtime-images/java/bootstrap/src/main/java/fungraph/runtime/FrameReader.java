package fungraph.runtime;

import java.io.IOException;
import java.util.Arrays;

/** Cuts what comes from the platform into frames. One thread at a time. */
final class FrameReader {
  private static final int USUAL_BYTES = 64 << 10;

  private final Connection connection;
  private final Frame frame = new Frame();
  private byte[] buffer = new byte[USUAL_BYTES];
  private int begin;
  private int end;

  FrameReader(Connection connection) {
    this.connection = connection;
  }

  /** True when a whole frame is here already, so that {@link #next} will not wait. */
  boolean hasNext() {
    int gathered = end - begin;
    return gathered >= Frame.HEADER_BYTES && gathered >= wanted();
  }

  /**
   * Waits for the next frame.
   *
   * @return null at the end of the link
   * @throws IOException when the link broke, or carries what is no frame
   */
  Frame next() throws IOException {
    while (!hasNext()) {
      if (!fill()) {
        return null;
      }
    }
    int headLength = buffer[begin + 6] & 0xff | (buffer[begin + 7] & 0xff) << 8;
    frame.type = buffer[begin + 4];
    frame.call = Frame.intAt(buffer, begin + 8);
    frame.buffer = buffer;
    frame.head = begin + Frame.HEADER_BYTES;
    frame.payload = frame.head + headLength;
    frame.end = begin + wanted();
    begin = frame.end;
    return frame;
  }

  private int wanted() {
    return Frame.HEADER_BYTES + Frame.intAt(buffer, begin);
  }

  private boolean fill() throws IOException {
    int gathered = end - begin;
    int wanted = gathered < Frame.HEADER_BYTES ? Frame.HEADER_BYTES : wanted();
    if (wanted < 0 || wanted > Frame.HEADER_BYTES + Frame.MAX_BYTES) {
      throw new IOException("a frame is too long");
    }
    if (gathered == 0 && buffer.length > USUAL_BYTES) {
      buffer = new byte[USUAL_BYTES];
      begin = end = 0;
    } else if (begin + wanted > buffer.length || begin == end) {
      byte[] room = wanted > buffer.length ? Arrays.copyOf(buffer, wanted) : buffer;
      System.arraycopy(buffer, begin, room, 0, gathered);
      buffer = room;
      begin = 0;
      end = gathered;
    }
    int count = connection.read(buffer, end, buffer.length - end);
    end += Math.max(0, count);
    return count >= 0;
  }
}
