package com.huawei.services.runtime.entity.apig;

import com.huawei.services.runtime.entity.Entity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** What a function behind an APIG trigger returns: an HTTP reply. */
public class APIGTriggerResponse extends Entity {
  private static final int OK = 200;

  private String body = "";
  private Map<String, String> headers;
  private int statusCode = OK;
  private boolean isBase64Encoded;

  /** An empty reply with status 200. */
  public APIGTriggerResponse() {}

  /** A reply with a text. */
  public APIGTriggerResponse(int statusCode, Map<String, String> headers, String body) {
    this(statusCode, headers, false, body);
  }

  /** A reply whose body may be Base64 already. */
  public APIGTriggerResponse(
      int statusCode, Map<String, String> headers, boolean isBase64Encoded, String body) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.isBase64Encoded = isBase64Encoded;
    this.body = body;
  }

  /** The body as it is sent. */
  public String getBody() {
    return body;
  }

  public void setBody(String body) {
    this.body = body;
  }

  /** Sets the body to the Base64 of a text; {@link #setBase64Encoded} says so to the gateway. */
  public void setBase64EncodedBody(String text) {
    this.body = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Headers; null when there are none. */
  public Map<String, String> getHeaders() {
    return headers;
  }

  public void setHeaders(Map<String, String> headers) {
    this.headers = headers;
  }

  /** Adds a header, or replaces the one of that name. */
  public void addHeader(String key, String value) {
    if (headers == null) {
      headers = new HashMap<>();
    }
    headers.put(key, value);
  }

  /** Adds headers, or replaces those of the same names. */
  public void addHeaders(Map<String, String> more) {
    if (headers == null) {
      headers = new HashMap<>();
    }
    headers.putAll(more);
  }

  /** Removes a header if there is one of that name. */
  public void removeHeader(String key) {
    if (headers != null) {
      headers.remove(key);
    }
  }

  /** HTTP status. */
  public int getStatusCode() {
    return statusCode;
  }

  public void setStatusCode(int statusCode) {
    this.statusCode = statusCode;
  }

  /** True when the body is Base64. */
  public boolean isBase64Encoded() {
    return isBase64Encoded;
  }

  public void setBase64Encoded(boolean base64Encoded) {
    this.isBase64Encoded = base64Encoded;
  }
}
