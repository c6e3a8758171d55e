package fungraph.runtime;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The code of a function: finds {@code package.Class.method} in it. */
final class UserCode {
  private final UserLoader loader;
  private final Codec codec;

  /** One object a class, shared by the handler and its hooks. */
  private final Map<Class<?>, Object> objects = new HashMap<>();

  UserCode(UserLoader loader) {
    this.loader = loader;
    codec = loader.codec();
  }

  Codec codec() {
    return codec;
  }

  ClassLoader loader() {
    return loader;
  }

  /**
   * The handler: a public method that takes an event, a Context, both, or nothing.
   *
   * @throws FunctionFault when there is none of that name and form; other exceptions and errors are
   *     the code's own
   */
  Entry handler(String name) throws FunctionFault, ReflectiveOperationException {
    return entry(name, "handler", true);
  }

  /**
   * An initializer, pre-stop or heartbeat method: it takes a Context or nothing. Throws as {@link
   * #handler} does.
   */
  Entry hook(String name, String role) throws FunctionFault, ReflectiveOperationException {
    return entry(name, role, false);
  }

  private Entry entry(String name, String role, boolean withEvent)
      throws FunctionFault, ReflectiveOperationException {
    int dot = name.lastIndexOf('.');
    if (dot <= 0 || dot == name.length() - 1) {
      throw config(
          role
              + " '"
              + name
              + "' must have the form package.Class.method, for example demo.Hello.handler");
    }
    Class<?> found = load(name.substring(0, dot));
    Method method = method(found, name.substring(dot + 1), role, withEvent);
    method.setAccessible(true);
    Object target =
        Modifier.isStatic(method.getModifiers()) ? initialized(found) : object(found, role);
    return new Entry(method, target, eventType(found, method));
  }

  private Class<?> load(String className) throws FunctionFault {
    try {
      return loader.loadClass(className);
    } catch (ClassNotFoundException missing) {
      throw new FunctionFault(
          "FunctionLoadError", "not found class '" + className + "' in the code");
    }
  }

  private static Method method(Class<?> found, String name, String role, boolean withEvent)
      throws FunctionFault {
    Method best = null;
    String unfit = null;
    for (Method one : candidates(found)) {
      if (!one.getName().equals(name)) {
        continue;
      }
      if (!fits(one, withEvent)) {
        unfit = one.toGenericString();
      } else if (best == null || count(one) > count(best)) {
        best = one;
      }
    }
    if (best != null) {
      return best;
    }
    String where = role + " '" + name + "'";
    if (unfit != null) {
      String takes = withEvent ? "an event and a Context" : "a Context or nothing";
      throw config(where + " takes " + takes + ", but is " + unfit);
    }
    for (Method one : found.getDeclaredMethods()) {
      if (one.getName().equals(name)) {
        throw config(where + " in class '" + found.getName() + "' must be public");
      }
    }
    throw config(where + " not found in class '" + found.getName() + "'");
  }

  /**
   * Public methods, those of the class itself first. Bridges are left out: what they lead to has
   * the types. It is not among getMethods() when its class is not public.
   */
  private static List<Method> candidates(Class<?> found) {
    List<Method> methods = new ArrayList<>();
    for (Class<?> one = found; one != null; one = one.getSuperclass()) {
      methods.addAll(Arrays.asList(one.getDeclaredMethods()));
    }
    methods.addAll(Arrays.asList(found.getMethods()));
    List<Method> open = new ArrayList<>();
    for (Method one : methods) {
      if (Modifier.isPublic(one.getModifiers()) && !one.isBridge()) {
        open.add(one);
      }
    }
    return open;
  }

  private static boolean fits(Method method, boolean withEvent) {
    Class<?>[] types = method.getParameterTypes();
    if (types.length == 2) {
      return withEvent && !isContext(types[0]) && isContext(types[1]);
    }
    return types.length == 0 || types.length == 1 && (withEvent || isContext(types[0]));
  }

  private static boolean isContext(Class<?> type) {
    return type == com.huawei.services.runtime.Context.class
        || type == com.opentelekomcloud.services.runtime.Context.class;
  }

  private static int count(Method method) {
    return method.getParameterTypes().length;
  }

  private static Type eventType(Class<?> found, Method method) {
    if (count(method) == 0 || isContext(method.getParameterTypes()[0])) {
      return null;
    }
    return TypeArguments.resolve(
        found, method.getDeclaringClass(), method.getGenericParameterTypes()[0]);
  }

  private static Object initialized(Class<?> found) throws ClassNotFoundException {
    Class.forName(found.getName(), true, found.getClassLoader());
    return null;
  }

  private Object object(Class<?> found, String role)
      throws FunctionFault, InvocationTargetException, IllegalAccessException {
    Object known = objects.get(found);
    if (known == null) {
      try {
        Constructor<?> make = found.getDeclaredConstructor();
        make.setAccessible(true);
        known = make.newInstance();
      } catch (NoSuchMethodException | InstantiationException unfit) {
        throw config(
            "class '"
                + found.getName()
                + "' of the "
                + role
                + " needs a constructor without parameters, or a static method");
      }
      objects.put(found, known);
    }
    return known;
  }

  private static FunctionFault config(String message) {
    return new FunctionFault("FunctionConfigError", message);
  }
}
