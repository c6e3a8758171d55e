package demo;

import com.huawei.services.runtime.Context;
import java.util.Scanner;

public class Index {
  public String handler(Object event, Context context) throws Exception {
    Process child = new ProcessBuilder("sh", "-c", (String) event).start();
    try (Scanner output = new Scanner(child.getInputStream()).useDelimiter("\\A")) {
      return output.hasNext() ? output.next() : "";
    }
  }
}
