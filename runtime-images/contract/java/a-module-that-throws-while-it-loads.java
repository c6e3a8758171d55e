import com.huawei.services.runtime.Context;

public class Index {
  static {
    if (Index.class.getName().equals("Index")) {
      throw new IllegalStateException("early");
    }
  }

  public int handler(Object event, Context context) {
    return 1;
  }
}
