package demo;

import com.huawei.services.runtime.Context;
import java.util.Arrays;
import java.util.List;

public class Index {
  public List<Object> handler(int event, Context context) {
    return Arrays.<Object>asList(event, event * 2, event > 1);
  }
}
