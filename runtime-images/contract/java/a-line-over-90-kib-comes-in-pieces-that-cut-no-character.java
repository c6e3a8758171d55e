package demo;

import com.huawei.services.runtime.Context;
import java.util.Arrays;

public class Index {
  public void handler(Object event, Context context) {
    char[] text = new char[100_000];
    Arrays.fill(text, 'é');
    System.out.println(new String(text));
  }
}
