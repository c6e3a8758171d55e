package sun.misc;

import java.lang.reflect.Field;

/**
 * What the bootstrap uses of Java's own class of this name. The compiler hides that one when it
 * compiles for Java 8, and calling it by reflection costs a start 15 ms. This one is compiled
 * against and never shipped.
 */
public final class Unsafe {
  private Unsafe() {}

  /** Where a field lies in its object. */
  public native long objectFieldOffset(Field field);

  /** Reads a field that holds an object. */
  public native Object getObject(Object target, long offset);

  /** Sets an int field. */
  public native void putInt(Object target, long offset, int value);
}
