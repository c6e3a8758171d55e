package fungraph.runtime;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The classes of a function: Java's own first, then those of its code, then what the runtime offers
 * to it. A library that both have is the code's own version; nothing of the bootstrap is seen.
 */
final class UserLoader extends URLClassLoader {
  private static final ClassLoader OURS = UserLoader.class.getClassLoader();

  /** What the bootstrap hands to the code must be its own class, also when a jar carries a copy. */
  private static final List<String> CONTRACT =
      Arrays.asList(
          Codec.class.getName(),
          com.huawei.services.runtime.Context.class.getName(),
          com.huawei.services.runtime.RuntimeLogger.class.getName(),
          com.opentelekomcloud.services.runtime.Context.class.getName(),
          com.opentelekomcloud.services.runtime.RuntimeLogger.class.getName());

  private static final List<String> OFFERED =
      Arrays.asList("com.huawei.services.runtime.", "com.google.gson.");

  /** What it learned of the types that all functions share is not learned again. */
  private static final Codec SHARED_CODEC = new GsonCodec();

  static {
    registerAsParallelCapable();
  }

  /** Loads from a code folder: its classes, the jars in it and in its folder lib, each by name. */
  UserLoader(File codeRoot) {
    this(classPath(codeRoot));
  }

  UserLoader(URL... path) {
    super(path, OURS.getParent());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (CONTRACT.contains(name)) {
      return OURS.loadClass(name);
    }
    try {
      return super.findClass(name);
    } catch (ClassNotFoundException notTheirs) {
      for (String prefix : OFFERED) {
        if (name.startsWith(prefix)) {
          return OURS.loadClass(name);
        }
      }
      throw notTheirs;
    }
  }

  /** The codec for this code: over its own Gson where it brings one. */
  Codec codec() {
    if (findResource("com/google/gson/Gson.class") == null) {
      return SHARED_CODEC;
    }
    try {
      byte[] bytes = bytesOf(GsonCodec.class);
      Class<?> again = defineClass(GsonCodec.class.getName(), bytes, 0, bytes.length);
      return (Codec) again.getConstructor().newInstance();
    } catch (IOException | ReflectiveOperationException fault) {
      throw new IllegalStateException("the Gson of the code cannot be used", fault);
    }
  }

  private static byte[] bytesOf(Class<?> one) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] some = new byte[4096];
    try (InputStream file = one.getResourceAsStream(one.getSimpleName() + ".class")) {
      for (int count = file.read(some); count >= 0; count = file.read(some)) {
        bytes.write(some, 0, count);
      }
    }
    return bytes.toByteArray();
  }

  private static URL[] classPath(File codeRoot) {
    List<URL> path = new ArrayList<>();
    try {
      path.add(codeRoot.toURI().toURL());
      addJars(path, codeRoot);
      addJars(path, new File(codeRoot, "lib"));
    } catch (MalformedURLException impossible) {
      throw new AssertionError(impossible);
    }
    return path.toArray(new URL[0]);
  }

  private static void addJars(List<URL> path, File folder) throws MalformedURLException {
    String[] names = folder.list();
    if (names == null) {
      return;
    }
    Arrays.sort(names);
    for (String name : names) {
      if (name.endsWith(".jar")) {
        path.add(new File(folder, name).toURI().toURL());
      }
    }
  }
}
