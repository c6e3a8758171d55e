package fungraph.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;

/** One request from INVOKE to its RESULT or ERROR; what it prints belongs to it. */
final class Request extends Scope {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final byte[] NOTHING = new byte[0];

  private final Link link;
  private final int call;
  private final Function function;
  private final long deadline;
  private final String requestId;
  private final String meta;
  private byte[] event;

  Request(Link link, Function function, Frame frame) {
    super(link, frame.call);
    this.link = link;
    this.call = frame.call;
    this.function = function;
    byte[] bytes = frame.buffer;
    long left = Frame.intAt(bytes, frame.head) & 0xffffffffL;
    deadline = System.nanoTime() + left * NANOS_PER_MILLI;
    int idBytes = bytes[frame.head + 4] & 0xff;
    int metaAt = frame.head + 5 + idBytes;
    requestId = new String(bytes, frame.head + 5, idBytes, StandardCharsets.US_ASCII);
    meta = new String(bytes, metaAt, frame.payload - metaAt, StandardCharsets.UTF_8);
    event = Arrays.copyOfRange(bytes, frame.payload, frame.end);
  }

  /** Runs the handler and adds its answer to the link. */
  void run() {
    long began = System.nanoTime();
    byte[] result = NOTHING;
    Failure failure = null;
    Failure.Stage stage = Failure.Stage.INVOKE;
    try {
      Object value = function.call(takeEvent(), context());
      stage = Failure.Stage.RESULT;
      result = payload(value);
      if (result.length > function.loaded.maxResponseBytes) {
        failure = Failure.tooLarge(result.length, function.loaded.maxResponseBytes);
      }
    } catch (Throwable thrown) {
      failure = Failure.of(stage, thrown);
    }
    if (failure != null) {
      log(ERROR, Clock.isoTime() + ' ' + requestId + " ERROR " + failure.log);
    }
    finish();
    long now = System.nanoTime();
    long micros = (now - began) / 1000;
    if (failure == null) {
      link.result(call, micros, Clock.residentKib(now), result);
    } else {
      link.error(call, micros, Clock.residentKib(now), failure);
    }
  }

  /** The event's text; the bytes are not needed any more. */
  private String takeEvent() {
    String text = new String(event, StandardCharsets.UTF_8);
    event = NOTHING;
    return text;
  }

  private FunctionContext context() throws IOException {
    Map<String, Object> about =
        meta.isEmpty() ? Collections.<String, Object>emptyMap() : Json.object(Json.read(meta));
    return new FunctionContext(function.loaded, requestId, deadline, about, meta, this);
  }

  private byte[] payload(Object value) throws FunctionFault {
    if (value == null) {
      return NOTHING;
    }
    if (value instanceof String) {
      return ((String) value).getBytes(StandardCharsets.UTF_8);
    }
    try {
      return function.write(value).getBytes(StandardCharsets.UTF_8);
    } catch (StackOverflowError endless) {
      throw new FunctionFault(endless.getClass().getName(), "it contains itself");
    }
  }
}
