package fungraph.runtime;

import java.io.IOException;

/**
 * Entry of a Java instance: greets the platform and then does what its frames say (PROTOCOL.md).
 */
public final class Bootstrap {
  private static final int WRONG_USAGE = 64;

  private Bootstrap() {}

  /**
   * Serves the platform at FUNGRAPH_LINK until the link ends.
   *
   * @param args {@code rehearse}: live once without a platform, and end, for archives of classes
   * @throws IOException when there is no link at that address
   */
  public static void main(String[] args) throws IOException {
    if (args.length == 1 && args[0].equals("rehearse")) {
      Instance instance = new Instance(Rehearsal.script());
      instance.greet("");
      instance.serve();
    }
    String address = System.getenv("FUNGRAPH_LINK");
    if (address == null) {
      System.err.println(
          "FUNGRAPH_LINK is missing: this program is started by the platform (see PROTOCOL.md)");
      System.exit(WRONG_USAGE);
    }
    String token = System.getenv("FUNGRAPH_TOKEN");
    useFolders();
    Connection connection = Connection.open(address);
    Instance instance = new Instance(connection);
    instance.greet(token == null ? "" : token);
    Environment.remove("FUNGRAPH_LINK");
    Environment.remove("FUNGRAPH_TOKEN");
    instance.serve();
  }

  /** Java itself looks neither at TMPDIR nor at HOME. */
  private static void useFolders() {
    String temporary = System.getenv("TMPDIR");
    if (temporary != null) {
      System.setProperty("java.io.tmpdir", temporary);
    }
    String home = System.getenv("HOME");
    if (home != null) {
      System.setProperty("user.home", home);
    }
  }
}
