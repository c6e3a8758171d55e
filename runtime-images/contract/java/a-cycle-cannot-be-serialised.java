package demo;

import com.huawei.services.runtime.Context;
import java.util.HashMap;
import java.util.Map;

public class Index {
  public Object handler(Object event, Context context) {
    Map<String, Object> ring = new HashMap<>();
    ring.put("ring", ring);
    return ring;
  }
}
