package fungraph.runtime;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Inner code and body of an ERROR frame, and the text for the function's log. */
final class Failure {
  /** Where it went wrong. */
  enum Stage {
    LOAD(4001, "function entry exception, error: "),
    INVOKE(4002, "function invocation exception, error: "),
    HEARTBEAT(4006, "function heartbeat exception, error: "),
    RESULT(4007, "function result is invalid, error: "),
    INIT(4009, "function initialization exception, error: ");

    private final int code;
    private final String prefix;

    Stage(int code, String prefix) {
      this.code = code;
      this.prefix = prefix;
    }
  }

  private static final int TOO_LARGE = 4004;

  /** Inner code of whatever was thrown because /tmp is full. */
  private static final int DISK_FULL = 4207;

  /** Endless recursion has a thousand lines of which the first tell all. */
  private static final int MOST_LINES = 64;

  /** Errors are read by people, and must fit into a frame. */
  private static final int MOST_CHARACTERS = 64 * 1024;

  private static final int MOST_LINE = 4 * 1024;

  private static volatile String codeRoot;

  final int code;
  final byte[] body;
  final String log;

  private Failure(int code, String message, String type, List<String> lines, String log) {
    this.code = code;
    this.body = hideFolder(Json.errorBody(message, type, lines)).getBytes(StandardCharsets.UTF_8);
    this.log = hideFolder(log);
  }

  /** What was thrown at a stage. */
  static Failure of(Stage stage, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    List<String> lines = new ArrayList<>();
    String type = cause.getClass().getName();
    if (cause instanceof FunctionFault) {
      type = ((FunctionFault) cause).type();
    } else {
      addLines(lines, cause);
    }
    String message =
        cut(cause.getMessage() == null ? cause.toString() : cause.getMessage(), MOST_CHARACTERS);
    StringBuilder log = new StringBuilder(type).append(": ").append(message);
    for (String line : lines) {
      log.append('\n').append(line);
    }
    int code = isDiskFull(cause) ? DISK_FULL : stage.code;
    return new Failure(code, stage.prefix + message, type, lines, log.toString());
  }

  /** The result has more bytes than it may. */
  static Failure tooLarge(int size, int limit) {
    String text = "response body size " + size + " exceeds the limit of " + limit;
    String message = Stage.RESULT.prefix + text;
    return new Failure(TOO_LARGE, message, "ResultTooLargeError", new ArrayList<String>(), text);
  }

  /** Failures write this folder as a dot from now on. */
  static void hide(String folder) {
    codeRoot = folder;
  }

  /** What the code itself threw, out of what Java wraps around it. */
  private static Throwable unwrapped(Throwable thrown) {
    boolean wrapper =
        thrown instanceof InvocationTargetException
            || thrown instanceof ExceptionInInitializerError;
    return wrapper && thrown.getCause() != null ? unwrapped(thrown.getCause()) : thrown;
  }

  private static void addLines(List<String> lines, Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    int end = trace.length;
    while (end > 0 && !isUsers(trace[end - 1].getClassName())) {
      end--;
    }
    for (int i = 0; i < end && lines.size() < MOST_LINES; i++) {
      lines.add("at " + place(trace[i]));
    }
    Throwable cause = thrown.getCause();
    if (cause != null && cause != thrown && lines.size() < MOST_LINES) {
      lines.add(cut("Caused by: " + cause, MOST_LINE));
      addLines(lines, cause);
    }
  }

  /**
   * False for what lies below the user's code on the stack: the bootstrap, and what it calls
   * through.
   */
  private static boolean isUsers(String className) {
    return !className.startsWith("fungraph.runtime.")
        && !className.startsWith("java.")
        && !className.startsWith("jdk.")
        && !className.startsWith("sun.")
        && !className.startsWith("com.google.gson.");
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) + "…" : text;
  }

  /** As Java 8 writes it, without module and class loader. */
  private static String place(StackTraceElement element) {
    String file = element.getFileName() == null ? "Unknown Source" : element.getFileName();
    String line = element.getLineNumber() < 0 ? "" : ":" + element.getLineNumber();
    String where = element.isNativeMethod() ? "Native Method" : file + line;
    return element.getClassName() + "." + element.getMethodName() + "(" + where + ")";
  }

  private static boolean isDiskFull(Throwable thrown) {
    for (Throwable one = thrown; one != null; one = one.getCause()) {
      String message = one.getMessage();
      if (one instanceof IOException
          && message != null
          && message.contains("No space left on device")) {
        return true;
      }
    }
    return false;
  }

  private static String hideFolder(String text) {
    return codeRoot == null ? text : text.replace(codeRoot, ".");
  }
}
