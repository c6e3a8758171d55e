package com.huawei.services.runtime.entity.lts;

import com.huawei.services.runtime.entity.Entity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Log lines. */
public class LTSBody extends Entity {
  private String data;

  /** The lines: Base64 of JSON. */
  public String getData() {
    return data;
  }

  public void setData(String data) {
    this.data = data;
  }

  /** The JSON of the lines. */
  public String getRawData() {
    return data == null
        ? null
        : new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }
}
