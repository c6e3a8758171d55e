package fungraph.runtime;

/** The logger of one request: time, request id, level, message. */
final class RequestLogger
    implements com.huawei.services.runtime.RuntimeLogger,
        com.opentelekomcloud.services.runtime.RuntimeLogger {
  private static final String[] NAMES = {"", "DEBUG", "INFO", "WARN", "ERROR"};

  private final transient String requestId;
  private final transient Scope scope;

  /** Code is known to read this by turning its Context into JSON. */
  private volatile String logLevel = "DEBUG";

  private transient volatile int least = Scope.DEBUG;

  /** Logs for a request, or for a hook when there is no scope. */
  RequestLogger(String requestId, Scope scope) {
    this.requestId = requestId;
    this.scope = scope;
  }

  /** A line without a level, as "time request-id message". */
  @Override
  public void log(String message) {
    write(Scope.INFO, "", message);
  }

  @Override
  public void debug(String message) {
    write(Scope.DEBUG, "DEBUG ", message);
  }

  @Override
  public void info(String message) {
    write(Scope.INFO, "INFO ", message);
  }

  @Override
  public void warn(String message) {
    write(Scope.WARN, "WARN ", message);
  }

  @Override
  public void error(String message) {
    write(Scope.ERROR, "ERROR ", message);
  }

  @Override
  public void setLevel(String level) {
    for (int i = Scope.DEBUG; i < NAMES.length; i++) {
      if (NAMES[i].equalsIgnoreCase(level)) {
        least = i;
        logLevel = NAMES[i];
        return;
      }
    }
    throw new IllegalArgumentException("setLevel takes DEBUG, INFO, WARN or ERROR, got " + level);
  }

  private void write(int level, String name, String message) {
    if (level < least) {
      return;
    }
    Scope target = scope == null || scope.isFinished() ? Output.current() : scope;
    target.log(level, Clock.isoTime() + ' ' + requestId + ' ' + name + message);
  }
}
