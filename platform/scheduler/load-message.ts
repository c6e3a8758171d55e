import { cpuMillicores, LIMITS } from "../../model/limits.ts";
import type { LoadMessage } from "../link/link.ts";
import type { Target } from "./target.ts";

/** What the Context of a function answers (functiongraph: Context methods). */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly securityAccessKey: string;
  readonly securitySecretKey: string;
  readonly securityToken: string;
  readonly token: string;
}

/** Temporary credentials of a function's agency. Without one they are there, and empty. */
export const NO_CREDENTIALS: Credentials = {
  accessKey: "",
  secretKey: "",
  securityAccessKey: "",
  securitySecretKey: "",
  securityToken: "",
  token: "",
};

/** What a load depends on besides the function. */
export interface LoadTerms {
  readonly timeoutMs: number;
  readonly credentials: Credentials;
}

/** The instance that loads, and where it sees the code. */
export interface LoadPlace {
  readonly instanceId: string;
  readonly codeRoot: string;
}

/** What an instance is told about the function it becomes. */
export function loadMessage(target: Target, place: LoadPlace, terms: LoadTerms): LoadMessage {
  const { spec, memoryMb } = target;
  const { codeRoot, instanceId } = place;
  return {
    codeRoot,
    handler: spec.handler,
    ...(spec.initializer === undefined ? {} : { initializer: spec.initializer }),
    ...(spec.preStop === undefined ? {} : { preStop: spec.preStop }),
    ...(spec.heartbeat === undefined ? {} : { heartbeat: spec.heartbeat }),
    concurrency: spec.concurrency,
    environment: environmentOf(target, codeRoot),
    userData: userDataOf(target),
    function: {
      name: spec.name,
      version: target.version,
      package: spec.package,
      projectId: target.projectId,
      instanceId,
      timeoutSeconds: spec.timeoutSeconds,
      memoryMb,
      cpuMillicores: cpuMillicores(memoryMb),
    },
    credentials: { ...terms.credentials },
    maxResponseBytes: LIMITS.responseBytes,
    loadTimeoutMs: terms.timeoutMs,
  };
}

/** The environment of an instance of the target. Presets come last: users cannot set them (guide 3.3.6). */
export function environmentOf(target: Target, codeRoot: string): Record<string, string> {
  const userData = userDataOf(target);
  return { ...userData, ...presets(target, codeRoot, userData) };
}

function userDataOf({ spec }: Target): Record<string, string> {
  return { ...spec.environment, ...spec.encryptedEnvironment };
}

/** The RUNTIME_* variables of guide 3.3.6 and the runtimes' programming interface. */
function presets(
  target: Target,
  codeRoot: string,
  userData: Readonly<Record<string, string>>,
): Record<string, string> {
  const { spec, memoryMb } = target;
  return {
    RUNTIME_PROJECT_ID: target.projectId,
    RUNTIME_FUNC_NAME: spec.name,
    RUNTIME_FUNC_VERSION: target.version,
    RUNTIME_PACKAGE: spec.package,
    RUNTIME_HANDLER: spec.handler,
    RUNTIME_TIMEOUT: String(spec.timeoutSeconds),
    RUNTIME_USERDATA: JSON.stringify(userData),
    RUNTIME_CPU: String(cpuMillicores(memoryMb)),
    RUNTIME_MEMORY: String(memoryMb),
    RUNTIME_MAX_RESP_BODY_SIZE: String(LIMITS.responseBytes),
    RUNTIME_INITIALIZER_HANDLER: spec.initializer?.handler ?? "",
    RUNTIME_INITIALIZER_TIMEOUT: String(spec.initializer?.timeoutSeconds ?? ""),
    RUNTIME_ROOT: "/home/snuser/runtime",
    RUNTIME_CODE_ROOT: codeRoot,
    RUNTIME_LOG_DIR: "/home/snuser/log",
  };
}
