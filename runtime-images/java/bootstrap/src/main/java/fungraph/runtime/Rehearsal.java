package fungraph.runtime;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Does once, with a function of its own, what would cost the first caller of an instance time:
 * loading classes above all.
 */
final class Rehearsal {
  /** So often a request goes its way. */
  private static final int ROUNDS = 30;

  private static final String EVENT =
      "{\"body\":\"e30=\",\"requestContext\":{\"apiId\":\"a\",\"requestId\":\"b\",\"stage\":\"c\"},"
          + "\"queryStringParameters\":{\"d\":\"e\",\"f\":[\"g\",1]},\"httpMethod\":\"POST\",\"path\":\"/\","
          + "\"pathParameters\":{},\"headers\":{\"host\":\"h\"},\"isBase64Encoded\":true}";

  private Rehearsal() {}

  /** Loads and calls the function beside whatever this instance will become. */
  static void run() {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try {
      Link nowhere = new Link(new Script(new byte[0]));
      LoadMessage loaded = new LoadMessage(message());
      Function function = new Function(loaded, new UserLoader(new File(loaded.codeRoot)));
      for (int i = 0; i <= ROUNDS; i++) {
        byte[] invoke = invoke(i == ROUNDS ? "{}" : EVENT);
        Request request =
            new Request(nowhere, function, new FrameReader(new Script(invoke)).next());
        Output.enter(request);
        request.run();
        nowhere.flush();
      }
    } catch (Exception fault) {
      throw new IllegalStateException("the rehearsal went wrong", fault);
    } finally {
      Output.enter(null);
      thread.setContextClassLoader(usual);
    }
  }

  /**
   * What a platform would say to an instance from its start to its first request; after that the
   * process ends in good order.
   */
  static Connection script() {
    byte[] load = message().getBytes(StandardCharsets.UTF_8);
    byte[] frames = frame(Frame.HEARTBEAT, 0, new byte[0]);
    frames = joined(frames, frame(Frame.LOAD, 0, load));
    frames = joined(frames, invoke(EVENT));
    return new Script(frames);
  }

  private static String message() {
    try {
      File self =
          new File(Rehearsal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return "{\"codeRoot\":\""
          + new File(self.getParent(), "rehearsal")
          + "\",\"handler\":\"rehearsal.Sample.handler\",\"concurrency\":1,\"environment\":{\"A\":\"b\"},"
          + "\"userData\":{\"A\":\"b\"},\"function\":{\"memoryMb\":128},\"credentials\":{},"
          + "\"maxResponseBytes\":6291456}";
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static byte[] invoke(String event) {
    byte[] text = event.getBytes(StandardCharsets.UTF_8);
    byte[] head = new byte[5];
    byte[] frame = frame(Frame.INVOKE, 1, joined(head, text));
    Frame.putShort(frame, 6, head.length);
    return frame;
  }

  private static byte[] frame(int type, int call, byte[] content) {
    byte[] header = new byte[Frame.HEADER_BYTES];
    Frame.putInt(header, 0, content.length);
    header[4] = (byte) type;
    Frame.putInt(header, 8, call);
    return joined(header, content);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /** A platform that says what is given, and listens to nothing. */
  private static final class Script extends Connection {
    private final byte[] bytes;
    private int at;

    Script(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    int read(byte[] buffer, int from, int most) throws IOException {
      int count = Math.min(most, bytes.length - at);
      if (count == 0) {
        System.exit(0);
      }
      System.arraycopy(bytes, at, buffer, from, count);
      at += count;
      return count;
    }

    @Override
    void write(byte[] buffer, int from, int length) {}
  }
}
