package fungraph.runtime;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;

/**
 * Gives what the code prints to the request that printed it, also when requests run in many
 * threads.
 */
final class Output {
  /** The request of this thread and of the threads that it starts. */
  private static final InheritableThreadLocal<Scope> SCOPE = new InheritableThreadLocal<>();

  private static Scope instance;
  private static volatile Scope only;

  private Output() {}

  /** Stands in for the process's standard streams from now on. */
  static void install(Scope ofInstance) {
    instance = ofInstance;
    System.setOut(stream(Scope.INFO));
    System.setErr(stream(Scope.ERROR));
  }

  /** What this thread prints belongs to a request from now on; null: to none. */
  static void enter(Scope scope) {
    SCOPE.set(scope);
  }

  /** Where one request runs at a time, it also gets what other threads print. */
  static void only(Scope scope) {
    only = scope;
  }

  /** The log of this thread's request, of the only running one, or the instance's. */
  static Scope current() {
    Scope own = SCOPE.get();
    if (own != null && !own.isFinished()) {
      return own;
    }
    Scope single = only;
    return single != null && !single.isFinished() ? single : instance;
  }

  /** The log of what belongs to no request. */
  static Scope ofInstance() {
    return instance;
  }

  /** Sends lines that were begun, before the process ends. */
  static void endLines() {
    Scope single = only;
    if (single != null) {
      single.endLine();
    }
    instance.endLine();
  }

  private static PrintStream stream(int level) {
    try {
      return new Lines(new Sink(level));
    } catch (UnsupportedEncodingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static final class Sink extends OutputStream {
    private final int level;

    Sink(int level) {
      this.level = level;
    }

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      current().write(level, bytes, from, length);
    }
  }

  /** Writes text and its newline as one, so that lines of several threads stay whole. */
  private static final class Lines extends PrintStream {
    Lines(OutputStream sink) throws UnsupportedEncodingException {
      super(sink, false, "UTF-8");
    }

    @Override
    public void println(String text) {
      print(text + '\n');
    }

    @Override
    public void println(Object value) {
      print(String.valueOf(value) + '\n');
    }
  }
}
