package demo;

import com.huawei.services.runtime.Context;
import com.huawei.services.runtime.RuntimeLogger;

public class Index {
  public void handler(Object event, Context context) {
    RuntimeLogger log = context.getLogger();
    log.debug("d");
    log.info("i { a: 1 }");
    log.log("l");
    log.warn("w");
    log.error("e");
    log.setLevel("error");
    log.warn("hidden");
    log.error("shown");
  }
}
