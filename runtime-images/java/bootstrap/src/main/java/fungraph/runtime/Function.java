package fungraph.runtime;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Collections;

/** The function that this instance became: its code, ready to be called. */
final class Function {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  final LoadMessage loaded;
  private final UserCode code;
  private final Entry handler;

  /** Loads the code; throws FunctionFault, or what the code itself throws meanwhile. */
  Function(LoadMessage loaded, UserLoader loader)
      throws FunctionFault, ReflectiveOperationException {
    this.loaded = loaded;
    code = new UserCode(loader);
    Thread.currentThread().setContextClassLoader(code.loader());
    handler = code.handler(loaded.handler);
  }

  /** Where threads that run the code look for its classes. */
  ClassLoader loader() {
    return code.loader();
  }

  /** Calls the handler with the event as it takes it: a String gets the text itself. */
  Object call(String event, FunctionContext context)
      throws FunctionFault, ReflectiveOperationException {
    Type type = handler.eventType();
    return handler.call(type == null || type == String.class ? event : read(event, type), context);
  }

  /** The result as JSON; throws whatever the code's own Gson throws. */
  String write(Object value) {
    // Gson knows no form for anonymous classes, but one for what they extend.
    Class<?> own = value.getClass();
    return code.codec().write(value, own.isAnonymousClass() ? handler.resultType() : own);
  }

  /** Calls the initializer or another hook; throws as {@link #call} does. */
  Object hook(LoadMessage.Hook hook, String role)
      throws FunctionFault, ReflectiveOperationException {
    long deadline = System.nanoTime() + hook.timeoutSeconds * NANOS_PER_SECOND;
    FunctionContext context =
        new FunctionContext(
            loaded, role, deadline, Collections.<String, Object>emptyMap(), "", null);
    return code.hook(hook.handler, role).call(null, context);
  }

  private Object read(String event, Type type) throws FunctionFault {
    try {
      if (!event.trim().isEmpty()) {
        return code.codec().read(event, type);
      }
    } catch (IllegalArgumentException unfit) {
      if (isJson(event)) {
        String name = type.getTypeName();
        throw new FunctionFault(
            "UserFunctionError", "the event does not fit " + name + ": " + unfit.getMessage());
      }
      throw new FunctionFault("UserFunctionError", "the event is not JSON: " + unfit.getMessage());
    }
    throw new FunctionFault("UserFunctionError", "the event is not JSON: it is empty");
  }

  private static boolean isJson(String text) {
    try {
      Json.read(text);
      return true;
    } catch (IOException | IllegalStateException | NumberFormatException fault) {
      return false;
    }
  }
}
