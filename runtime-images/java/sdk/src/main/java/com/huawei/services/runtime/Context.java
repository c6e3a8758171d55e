package com.huawei.services.runtime;

/** What a function may know of itself and of the request that it answers. */
public interface Context {
  /** The id that the caller got, too. */
  String getRequestID();

  /** Milliseconds until this request is ended by force; 0 at least. */
  int getRemainingTimeInMilliSeconds();

  /** Access key of the execution agency, valid for 24 hours; empty without an agency. */
  String getAccessKey();

  /** Secret key of the execution agency, valid for 24 hours; empty without an agency. */
  String getSecretKey();

  /** Temporary access key of the execution agency; empty without an agency. */
  String getSecurityAccessKey();

  /** Temporary secret key of the execution agency; empty without an agency. */
  String getSecuritySecretKey();

  /** Token that goes with the temporary keys; empty without an agency. */
  String getSecurityToken();

  /** IAM token of the execution agency; empty without an agency. */
  String getToken();

  /** Value of a variable of the user, plain or encrypted; null when there is none. */
  String getUserData(String key);

  /** Name of the function. */
  String getFunctionName();

  /** The function's timeout in seconds. */
  int getRunningTimeInSeconds();

  /** Version of the function. */
  String getVersion();

  /** Memory in MB. */
  int getMemorySize();

  /** Millicores. */
  int getCPUNumber();

  /** Id of the function's project. */
  String getProjectID();

  /** The application that the function belongs to. */
  String getPackage();

  /** The logger of this request. */
  RuntimeLogger getLogger();

  /** The alias that was called; empty when none was. */
  String getAlias();

  /** Id of the workflow that calls; empty when none does. */
  String getWorkflowID();

  /** Id of the workflow's run; empty when none calls. */
  String getWorkflowRunID();

  /** Id of the workflow's state; empty when none calls. */
  String getWorkflowStateID();

  /** What {@link #setState} kept during this request. */
  Object getState();

  /** Keeps a value for the rest of this request. */
  void setState(Object state);

  /** Id of the instance that runs the code. */
  String getInstanceID();

  /** How the request was called, as JSON; empty when there is nothing to tell. */
  String getInvokeProperty();

  /** Id of the call's trace; empty without one. */
  String getTraceID();

  /** Same as the request id. */
  String getInvokeID();
}
