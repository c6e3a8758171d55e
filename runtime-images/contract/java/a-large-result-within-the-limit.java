package demo;

import com.huawei.services.runtime.Context;
import java.util.Arrays;

public class Index {
  public String handler(int event, Context context) {
    char[] text = new char[event];
    Arrays.fill(text, 'é');
    return new String(text);
  }
}
