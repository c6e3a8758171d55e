package fungraph.runtime;

/** Answers signs of life: at once, or as the function's own heartbeat method says. */
final class Heartbeat {
  private static final byte[] NOTHING = new byte[0];

  private final Link link;
  private final Scope log;
  private volatile boolean asking;

  Heartbeat(Link link, Scope log) {
    this.link = link;
    this.log = log;
  }

  /**
   * Answers one HEARTBEAT; a method that does not return leaves it, and those that follow,
   * unanswered.
   */
  void beat(Function function) {
    if (function == null || function.loaded.heartbeat == null) {
      link.send(Frame.ALIVE, NOTHING);
    } else if (!asking) {
      asking = true;
      new Question(function).start();
    }
  }

  private final class Question extends Thread {
    private final Function function;

    Question(Function function) {
      super("fungraph-heartbeat");
      this.function = function;
      setDaemon(true);
      setContextClassLoader(function.loader());
    }

    @Override
    public void run() {
      Failure failure = ask();
      // First of all: the next question may come as soon as the answer has left.
      asking = false;
      if (failure == null) {
        link.send(Frame.ALIVE, NOTHING);
        return;
      }
      log.log(Scope.ERROR, failure.log);
      link.error(0, 0, 0, failure);
      link.flush();
    }

    private Failure ask() {
      try {
        Object alive = function.hook(function.loaded.heartbeat, "heartbeat");
        if (Boolean.TRUE.equals(alive)) {
          return null;
        }
        throw new FunctionFault(
            "FunctionConfigError", "the heartbeat method returned " + alive + " instead of true");
      } catch (Throwable thrown) {
        return Failure.of(Failure.Stage.HEARTBEAT, thrown);
      }
    }
  }
}
