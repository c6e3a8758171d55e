package fungraph.runtime;

/**
 * A fault of the function's configuration, files, event or result, without a stack worth showing.
 */
final class FunctionFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final String type;

  FunctionFault(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  /** The errorType of the answer. */
  String type() {
    return type;
  }
}
