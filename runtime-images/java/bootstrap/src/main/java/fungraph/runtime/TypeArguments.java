package fungraph.runtime;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;

/** What a class puts in place of the type variables of its ancestors. */
final class TypeArguments {
  private TypeArguments() {}

  /**
   * The type itself, or what {@code from} gives for it when it is a type variable of {@code
   * declaring}.
   */
  static Type resolve(Class<?> from, Class<?> declaring, Type type) {
    if (!(type instanceof TypeVariable)) {
      return type;
    }
    TypeVariable<?>[] variables = declaring.getTypeParameters();
    Type ancestor = ancestor(from, declaring);
    for (int i = 0; i < variables.length && ancestor instanceof ParameterizedType; i++) {
      if (variables[i].equals(type)) {
        Type given = ((ParameterizedType) ancestor).getActualTypeArguments()[i];
        return given instanceof TypeVariable ? ofVariable(from, (TypeVariable<?>) given) : given;
      }
    }
    return type;
  }

  private static Type ofVariable(Class<?> from, TypeVariable<?> variable) {
    return resolve(from, (Class<?>) variable.getGenericDeclaration(), variable);
  }

  /** The ancestor as the class names it, its arguments in terms of the class. */
  private static Type ancestor(Class<?> from, Class<?> wanted) {
    Type[] interfaces = from.getGenericInterfaces();
    Type[] parents = new Type[interfaces.length + 1];
    parents[0] = from.getGenericSuperclass();
    System.arraycopy(interfaces, 0, parents, 1, interfaces.length);
    for (Type parent : parents) {
      Type raw =
          parent instanceof ParameterizedType ? ((ParameterizedType) parent).getRawType() : parent;
      if (raw == wanted) {
        return parent;
      }
      Type found = raw instanceof Class ? ancestor((Class<?>) raw, wanted) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
