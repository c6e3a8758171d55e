package fungraph.runtime;

import java.util.Map;

/** What the code gets as its Context. */
final class FunctionContext
    implements com.huawei.services.runtime.Context, com.opentelekomcloud.services.runtime.Context {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final transient LoadMessage loaded;
  private final transient long deadline;
  private final transient Map<String, Object> meta;
  private final transient String property;
  private final String requestId;
  private final RequestLogger logger;
  private transient volatile Object state;

  /**
   * Makes one for a request or a hook.
   *
   * @param deadline as System.nanoTime() counts
   * @param property the request's meta as it came, or an empty text
   * @param scope null for hooks
   */
  FunctionContext(
      LoadMessage loaded,
      String requestId,
      long deadline,
      Map<String, Object> meta,
      String property,
      Scope scope) {
    this.loaded = loaded;
    this.requestId = requestId;
    this.deadline = deadline;
    this.meta = meta;
    this.property = property;
    this.logger = new RequestLogger(requestId, scope);
  }

  @Override
  public String getRequestID() {
    return requestId;
  }

  @Override
  public int getRemainingTimeInMilliSeconds() {
    long left = (deadline - System.nanoTime()) / NANOS_PER_MILLI;
    return (int) Math.max(0, Math.min(left, Integer.MAX_VALUE));
  }

  @Override
  public String getAccessKey() {
    return Json.text(loaded.credentials, "accessKey");
  }

  @Override
  public String getSecretKey() {
    return Json.text(loaded.credentials, "secretKey");
  }

  @Override
  public String getSecurityAccessKey() {
    return Json.text(loaded.credentials, "securityAccessKey");
  }

  @Override
  public String getSecuritySecretKey() {
    return Json.text(loaded.credentials, "securitySecretKey");
  }

  @Override
  public String getSecurityToken() {
    return Json.text(loaded.credentials, "securityToken");
  }

  @Override
  public String getToken() {
    return Json.text(loaded.credentials, "token");
  }

  @Override
  public String getUserData(String key) {
    return loaded.userData.get(key);
  }

  @Override
  public String getFunctionName() {
    return Json.text(loaded.function, "name");
  }

  @Override
  public int getRunningTimeInSeconds() {
    return Json.number(loaded.function, "timeoutSeconds");
  }

  @Override
  public String getVersion() {
    return Json.text(loaded.function, "version");
  }

  @Override
  public int getMemorySize() {
    return Json.number(loaded.function, "memoryMb");
  }

  @Override
  public int getCPUNumber() {
    return Json.number(loaded.function, "cpuMillicores");
  }

  @Override
  public String getProjectID() {
    return Json.text(loaded.function, "projectId");
  }

  @Override
  public String getPackage() {
    return Json.text(loaded.function, "package");
  }

  @Override
  public RequestLogger getLogger() {
    return logger;
  }

  @Override
  public String getAlias() {
    return Json.text(meta, "alias");
  }

  @Override
  public String getWorkflowID() {
    return Json.text(meta, "workflowId");
  }

  @Override
  public String getWorkflowRunID() {
    return Json.text(meta, "workflowRunId");
  }

  @Override
  public String getWorkflowStateID() {
    return Json.text(meta, "workflowStateId");
  }

  @Override
  public Object getState() {
    return state;
  }

  @Override
  public void setState(Object state) {
    this.state = state;
  }

  @Override
  public String getInstanceID() {
    return Json.text(loaded.function, "instanceId");
  }

  @Override
  public String getInvokeProperty() {
    return property;
  }

  @Override
  public String getTraceID() {
    return Json.text(meta, "traceId");
  }

  @Override
  public String getInvokeID() {
    return requestId;
  }
}
