package fungraph.runtime;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Fields of Java's own classes that it opens to nobody. Opening their packages (Add-Opens) would do
 * as well, but adds a third to the start of Java 17. Every version from 8 on has Unsafe; from 24 on
 * it warns unless --sun-misc-unsafe-memory-access=allow is given.
 */
final class Inside {
  private Inside() {}

  /** Sets an int field. */
  static void setInt(Object target, Class<?> declaring, String field, int value)
      throws ReflectiveOperationException {
    Unsafe unsafe = unsafe();
    unsafe.putInt(target, unsafe.objectFieldOffset(declaring.getDeclaredField(field)), value);
  }

  /** Reads a field that holds an object. */
  static Object get(Object target, Class<?> declaring, String field)
      throws ReflectiveOperationException {
    Unsafe unsafe = unsafe();
    return unsafe.getObject(target, unsafe.objectFieldOffset(declaring.getDeclaredField(field)));
  }

  private static Unsafe unsafe() throws ReflectiveOperationException {
    Field only = Unsafe.class.getDeclaredField("theUnsafe");
    only.setAccessible(true);
    return (Unsafe) only.get(null);
  }
}
