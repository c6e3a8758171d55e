import type { Fault } from "./fault.ts";

/** A function's configuration as plain data; names and units as in the guide (3.3). */
export interface FunctionSpec {
  readonly name: string;
  /** The application (folder) the function is in. Default `default`. */
  readonly package: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly description: string;
  /** Environment variables; shown in clear. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables that are encrypted at rest and never shown. */
  readonly encryptedEnvironment: Readonly<Record<string, string>>;
  readonly initializer?: { readonly handler: string; readonly timeoutSeconds: number };
  readonly preStop?: { readonly handler: string; readonly timeoutSeconds: number };
  /** Requests that one instance works on at the same time. Default 1. */
  readonly concurrency: number;
  /** −1: no limit, 0: disabled. Default 400. */
  readonly maxInstances: number;
  /** Lets callers choose the memory by X-Cff-Instance-Memory. Default false. */
  readonly dynamicMemory: boolean;
  /** Agency whose temporary credentials the code gets in its Context. */
  readonly executionAgency?: string;
  readonly configurationAgency?: string;
}

/** What identifies a code archive. */
export interface CodeSpec {
  readonly type: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-512 of the archive, hex. */
  readonly digest: string;
  /** Name shown to users, for example `index.zip`. */
  readonly filename: string;
}

/** Fills what the user left out with the service's defaults. */
export declare function normalizeFunction(
  given: Partial<FunctionSpec> & Pick<FunctionSpec, "name" | "runtime" | "handler">,
): FunctionSpec;

/** All faults of a function's configuration. */
export declare function checkFunction(spec: FunctionSpec): Fault[];
