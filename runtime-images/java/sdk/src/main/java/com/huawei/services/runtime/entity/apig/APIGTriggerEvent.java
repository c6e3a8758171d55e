package com.huawei.services.runtime.entity.apig;

import com.huawei.services.runtime.entity.Entity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** What an APIG trigger sends: an HTTP request. */
public class APIGTriggerEvent extends Entity {
  private boolean isBase64Encoded;
  private String httpMethod;
  private String path;
  private String body;
  private Map<String, String> pathParameters;
  private APIGRequestContext requestContext;
  private Map<String, String> headers;
  private Map<String, Object> queryStringParameters;
  private String user_data;

  /** True when the body is Base64. */
  public boolean isBase64Encoded() {
    return isBase64Encoded;
  }

  public void setBase64Encoded(boolean base64Encoded) {
    this.isBase64Encoded = base64Encoded;
  }

  /** For example GET. */
  public String getHttpMethod() {
    return httpMethod;
  }

  public void setHttpMethod(String httpMethod) {
    this.httpMethod = httpMethod;
  }

  /** The path without its query. */
  public String getPath() {
    return path;
  }

  public void setPath(String path) {
    this.path = path;
  }

  /** The body as it came; see {@link #getRawBody}. */
  public String getBody() {
    return body;
  }

  public void setBody(String body) {
    this.body = body;
  }

  /** The body's text, decoded when it is Base64. */
  public String getRawBody() {
    if (!isBase64Encoded || body == null) {
      return body;
    }
    return new String(Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8);
  }

  /** Parts of the path. */
  public Map<String, String> getPathParameters() {
    return pathParameters;
  }

  public void setPathParameters(Map<String, String> pathParameters) {
    this.pathParameters = pathParameters;
  }

  /** What the gateway knows of the request. */
  public APIGRequestContext getRequestContext() {
    return requestContext;
  }

  public void setRequestContext(APIGRequestContext requestContext) {
    this.requestContext = requestContext;
  }

  /** Headers by their names in lower case. */
  public Map<String, String> getHeaders() {
    return headers;
  }

  public void setHeaders(Map<String, String> headers) {
    this.headers = headers;
  }

  /** Parameters of the query: texts, or lists of texts. */
  public Map<String, Object> getQueryStringParameters() {
    return queryStringParameters;
  }

  public void setQueryStringParameters(Map<String, Object> queryStringParameters) {
    this.queryStringParameters = queryStringParameters;
  }

  /** What the API's own authorizer left for the function; null without one. */
  public String getUserData() {
    return user_data;
  }

  public void setUserData(String userData) {
    this.user_data = userData;
  }
}
