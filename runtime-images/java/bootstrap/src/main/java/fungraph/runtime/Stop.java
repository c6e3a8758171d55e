package fungraph.runtime;

/** STOP: what runs may end within the grace; then the pre-stop hook; then the process. */
final class Stop extends Thread {
  private static final byte[] NOTHING = new byte[0];
  private static final long POLL_MILLIS = 5;
  private static final long MILLIS_PER_SECOND = 1000;

  private final Link link;
  private final Crew crew;
  private final Function function;
  private final long graceMillis;

  Stop(Link link, Crew crew, Function function, long graceMillis) {
    super("fungraph-stop");
    this.link = link;
    this.crew = crew;
    this.function = function;
    this.graceMillis = graceMillis;
    setDaemon(true);
  }

  @Override
  public void run() {
    final long began = System.nanoTime();
    leaveAfter(graceMillis);
    while (!crew.isIdle()) {
      pause(POLL_MILLIS);
    }
    if (function != null && function.loaded.preStop != null) {
      long spent = (System.nanoTime() - began) / 1_000_000;
      long most = function.loaded.preStop.timeoutSeconds * MILLIS_PER_SECOND;
      leaveAfter(Math.min(graceMillis - spent, most));
      setContextClassLoader(function.loader());
      try {
        function.hook(function.loaded.preStop, "pre-stop");
      } catch (Throwable thrown) {
        Output.ofInstance().log(Scope.ERROR, Failure.of(Failure.Stage.INVOKE, thrown).log);
      }
    }
    leave();
  }

  private void leaveAfter(final long millis) {
    Thread timer =
        new Thread("fungraph-grace") {
          @Override
          public void run() {
            pause(Math.max(0, millis));
            leave();
          }
        };
    timer.setDaemon(true);
    timer.start();
  }

  private void leave() {
    Output.endLines();
    link.send(Frame.STOPPED, NOTHING);
    Runtime.getRuntime().halt(0);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException early) {
      // Nobody interrupts these threads on purpose; being early harms nothing.
    }
  }
}
