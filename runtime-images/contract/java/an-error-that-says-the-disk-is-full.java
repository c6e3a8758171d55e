package demo;

import com.huawei.services.runtime.Context;
import java.io.IOException;

public class Index {
  public void handler(Object event, Context context) throws IOException {
    throw new IOException("No space left on device");
  }
}
