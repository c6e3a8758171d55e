"use strict";
// What the handler gets as `context`. One per request: everything hangs on the prototype.
const clock = require("./clock");
const Logger = require("./logger");

const NO_META = {};
let loaded;

/** LOAD's message; the same for all requests of the instance. */
exports.setLoaded = function (message) {
  loaded = message;
};

/** `scope` is the request's log scope; without one the context is the initializer's. */
function Context(requestId, deadline, meta, scope) {
  this._requestId = requestId;
  this._deadline = deadline;
  this._meta = meta === undefined ? NO_META : meta;
  this._scope = scope;
  this._logger = undefined;
}

function credential(name) {
  return loaded.credentials[name] || "";
}

Context.prototype.getRequestID = function () {
  return this._requestId;
};
Context.prototype.getRemainingTimeInMilliSeconds = function () {
  return Math.max(0, Math.floor(this._deadline - clock.now()));
};
Context.prototype.getAccessKey = function () {
  return credential("accessKey");
};
Context.prototype.getSecretKey = function () {
  return credential("secretKey");
};
Context.prototype.getSecurityAccessKey = function () {
  return credential("securityAccessKey");
};
Context.prototype.getSecuritySecretKey = function () {
  return credential("securitySecretKey");
};
Context.prototype.getSecurityToken = function () {
  return credential("securityToken");
};
Context.prototype.getToken = function () {
  return credential("token");
};
/** Value of a plain or encrypted variable of the user; undefined when there is none. */
Context.prototype.getUserData = function (key) {
  return Object.prototype.hasOwnProperty.call(loaded.userData, key) ? loaded.userData[key] : undefined;
};
Context.prototype.getFunctionName = function () {
  return loaded.function.name;
};
/** The timeout in milliseconds: the name says seconds, the service's Node runtimes answer milliseconds. */
Context.prototype.getRunningTimeInSeconds = function () {
  return loaded.function.timeoutSeconds * 1000;
};
Context.prototype.getVersion = function () {
  return loaded.function.version;
};
/** MB, as text: so do the service's Node runtimes. */
Context.prototype.getMemorySize = function () {
  return String(loaded.function.memoryMb);
};
/** Millicores, as text: so do the service's Node runtimes. */
Context.prototype.getCPUNumber = function () {
  return String(loaded.function.cpuMillicores);
};
Context.prototype.getProjectID = function () {
  return loaded.function.projectId;
};
Context.prototype.getPackage = function () {
  return loaded.function.package;
};
Context.prototype.getLogger = function () {
  if (this._logger === undefined) this._logger = new Logger(this._requestId, this._scope);
  return this._logger;
};
Context.prototype.getAlias = function () {
  return this._meta.alias || "";
};
Context.prototype.getWorkflowID = function () {
  return this._meta.workflowId || "";
};
Context.prototype.getWorkflowRunID = function () {
  return this._meta.workflowRunId || "";
};
Context.prototype.getWorkflowStateID = function () {
  return this._meta.workflowStateId || "";
};

exports.Context = Context;
