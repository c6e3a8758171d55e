package fungraph.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The life of the instance: what each frame of the platform does. */
final class Instance implements Crew.Source {
  private static final byte[] NOTHING = new byte[0];

  private final Link link;
  private final FrameReader reader;
  private final Crew crew = new Crew(this);
  private final Scope log;
  private final Heartbeat heartbeat;
  private volatile Function function;

  Instance(Connection connection) {
    link = new Link(connection);
    reader = new FrameReader(connection);
    log = new Scope(link, 0);
    heartbeat = new Heartbeat(link, log);
  }

  /** Says HELLO. */
  void greet(String token) {
    String hello =
        "{\"protocol\":1,\"token\":\""
            + token
            + "\",\"runtime\":\"java\",\"version\":\""
            + System.getProperty("java.version")
            + "\",\"pid\":"
            + pid()
            + "}";
    link.send(Frame.HELLO, hello.getBytes(StandardCharsets.UTF_8));
    Output.install(log);
    Runtime.getRuntime().addShutdownHook(new LastWords());
  }

  /** Runs until the platform ends the link or says STOP. */
  void serve() {
    crew.join();
  }

  @Override
  public boolean hasNext() {
    return reader.hasNext();
  }

  @Override
  public void flush() {
    link.flush();
  }

  @Override
  public Runnable next() throws IOException {
    Frame frame = reader.next();
    if (frame == null) {
      Runtime.getRuntime().halt(0);
      return null;
    }
    switch (frame.type) {
      case Frame.INVOKE:
        return new Invocation(new Request(link, function, frame));
      case Frame.LOAD:
        return new Loading(text(frame));
      case Frame.INIT:
        return new Initializing();
      case Frame.HEARTBEAT:
        beat();
        return null;
      case Frame.STOP:
        long grace = Frame.intAt(frame.buffer, frame.head) & 0xffffffffL;
        new Stop(link, crew, function, grace).start();
        return null;
      default:
        throw new IOException("the platform sends no frame of type " + frame.type);
    }
  }

  private void beat() {
    Function loaded = function;
    if (loaded == null) {
      // It comes to a spare instance, which has the time.
      Rehearsal.run();
    }
    heartbeat.beat(loaded);
  }

  private void refuse(Failure.Stage stage, Throwable thrown) {
    Failure failure = Failure.of(stage, thrown);
    log.log(Scope.ERROR, failure.log);
    link.error(0, 0, 0, failure);
    link.flush();
  }

  private static String text(Frame frame) {
    int length = frame.end - frame.payload;
    return new String(frame.buffer, frame.payload, length, StandardCharsets.UTF_8);
  }

  private static String pid() {
    try {
      return new File("/proc/self").getCanonicalFile().getName();
    } catch (IOException elsewhere) {
      return "0";
    }
  }

  private final class Loading implements Runnable {
    private final String message;

    Loading(String message) {
      this.message = message;
    }

    @Override
    public void run() {
      try {
        LoadMessage loaded = new LoadMessage(message);
        Failure.hide(loaded.codeRoot);
        Environment.set(loaded.environment);
        function = new Function(loaded, new UserLoader(new File(loaded.codeRoot)));
        crew.limit(loaded.concurrency);
      } catch (Throwable thrown) {
        refuse(Failure.Stage.LOAD, thrown);
        return;
      }
      link.send(Frame.LOADED, NOTHING);
    }
  }

  private final class Initializing implements Runnable {
    @Override
    public void run() {
      try {
        Thread.currentThread().setContextClassLoader(function.loader());
        function.hook(function.loaded.initializer, "initializer");
      } catch (Throwable thrown) {
        refuse(Failure.Stage.INIT, thrown);
        return;
      }
      link.send(Frame.INITIALIZED, NOTHING);
    }
  }

  private final class Invocation implements Runnable {
    private final Request request;

    Invocation(Request request) {
      this.request = request;
    }

    @Override
    public void run() {
      log.renew();
      Thread.currentThread().setContextClassLoader(function.loader());
      Output.enter(request);
      if (function.loaded.concurrency == 1) {
        Output.only(request);
      }
      request.run();
      Output.only(null);
      Output.enter(null);
    }
  }

  /** When the code ends the process, what is finished is written first. */
  private final class LastWords extends Thread {
    @Override
    public void run() {
      Output.endLines();
      link.flush();
    }
  }
}
