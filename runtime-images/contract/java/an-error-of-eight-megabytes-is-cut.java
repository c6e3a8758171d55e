package demo;

import com.huawei.services.runtime.Context;
import java.util.Arrays;

public class Index {
  public String handler(Object event, Context context) {
    char[] letters = new char[8 << 20];
    Arrays.fill(letters, 'x');
    throw new IllegalStateException(new String(letters));
  }
}
