package demo;

import com.huawei.services.runtime.Context;
import java.util.Arrays;

public class Index {
  public String handler(Object event, Context context) {
    char[] line = new char[64 * 1024 - 1];
    Arrays.fill(line, 'x');
    String text = new String(line);
    for (int i = 0; i < 1600; i++) {
      System.out.println(text);
    }
    return "done";
  }
}
