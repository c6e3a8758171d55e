package fungraph.runtime;

import java.lang.reflect.Type;

/** Turns events into what a handler takes, and what it returns into text. */
public interface Codec {
  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException when the text is no JSON, or does not fit the type
   */
  Object read(String json, Type type);

  /** Writes a value as JSON; throws whatever it likes when the value has no such form. */
  String write(Object value, Type type);
}
