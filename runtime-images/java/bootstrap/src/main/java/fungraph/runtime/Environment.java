package fungraph.runtime;

import java.util.Map;

/** The process's variables, which Java itself lets nobody change. */
final class Environment {
  private Environment() {}

  static void set(Map<String, String> variables) {
    writable().putAll(variables);
  }

  static void remove(String name) {
    writable().remove(name);
  }

  /** What lies under {@link System#getenv()}; child processes are started with the same. */
  @SuppressWarnings("unchecked")
  private static Map<String, String> writable() {
    Map<String, String> variables = System.getenv();
    try {
      return (Map<String, String>) Inside.get(variables, variables.getClass(), "m");
    } catch (ReflectiveOperationException fault) {
      throw new IllegalStateException("this Java keeps its variables elsewhere", fault);
    }
  }
}
