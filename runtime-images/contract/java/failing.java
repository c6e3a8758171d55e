package demo;

import com.huawei.services.runtime.Context;
import java.io.File;
import java.io.FileOutputStream;
import java.util.ArrayList;
import java.util.List;

public class Index {
  static {
    if ("load".equals(System.getenv("FAIL"))) {
      throw new IllegalStateException("no load");
    }
  }

  public void init(Context context) {
    if ("init".equals(System.getenv("FAIL"))) {
      throw new IllegalStateException("no init");
    }
  }

  /** Fails as the event says. */
  public Object handler(String event, Context context) throws Exception {
    switch (event.replace("\"", "")) {
      case "code":
        throw new IllegalStateException("no code");
      case "hang":
        while (true) {
          Thread.yield();
        }
      case "memory":
        List<byte[]> kept = new ArrayList<>();
        while (true) {
          kept.add(new byte[1 << 20]);
        }
      case "disk":
        try (FileOutputStream file = new FileOutputStream("/tmp/full")) {
          while (true) {
            file.write(new byte[1 << 20]);
          }
        }
      case "exit":
        System.exit(3);
        return null;
      case "signal":
        String self = new File("/proc/self").getCanonicalFile().getName();
        new ProcessBuilder("kill", "-KILL", self).start().waitFor();
        return null;
      case "large":
        return new String(new char[6291457]).replace('\0', 'x');
      case "unserialisable":
        return Index.class;
      default:
        return "fine";
    }
  }
}
