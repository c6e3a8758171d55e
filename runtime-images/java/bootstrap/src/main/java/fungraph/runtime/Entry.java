package fungraph.runtime;

import com.huawei.services.runtime.Context;
import java.lang.reflect.Method;
import java.lang.reflect.Type;

/** A method of the user's code that the platform calls: the handler, or a hook. */
final class Entry {
  private final Method method;
  private final Object target;
  private final Type eventType;

  /**
   * Takes a method whose parameters were checked: an event, a Context, both in this order, or none.
   */
  Entry(Method method, Object target, Type eventType) {
    this.method = method;
    this.target = target;
    this.eventType = eventType;
  }

  /** The type of the event; null when the method takes none. */
  Type eventType() {
    return eventType;
  }

  /** The declared type of the result. */
  Type resultType() {
    return method.getGenericReturnType();
  }

  /** Calls it; throws InvocationTargetException around whatever the code throws. */
  Object call(Object event, Context context) throws ReflectiveOperationException {
    int count = method.getParameterTypes().length;
    if (count == 2) {
      return method.invoke(target, event, context);
    }
    if (count == 0) {
      return method.invoke(target);
    }
    return method.invoke(target, eventType == null ? context : event);
  }
}
