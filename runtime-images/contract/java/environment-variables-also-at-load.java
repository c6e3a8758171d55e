package demo;

import com.huawei.services.runtime.Context;

public class Index {
  private static final String EARLY = System.getenv("RUNTIME_FUNC_NAME");

  public Object[] handler(Object event, Context context) {
    return new Object[] {
      EARLY,
      System.getenv().get("MINE"),
      System.getenv("FUNGRAPH_TOKEN") == null,
      System.getenv("FUNGRAPH_LINK") == null
    };
  }
}
