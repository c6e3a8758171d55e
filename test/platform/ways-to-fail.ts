import type { FailureKind } from "../../model/failure.ts";
import type { FunctionSpec } from "../../model/function.ts";
import { hasCode } from "../runtimes/cases.ts";
import type { Family } from "../runtimes/languages/language.ts";

/** One way to fail: what is asked of `contract/<family>/failing`, and how the platform must call what comes of it. */
export interface Way {
  readonly name: string;
  readonly kind: FailureKind;
  /** Part of the error's message, in every language. */
  readonly says: RegExp;
  readonly event?: string;
  readonly spec?: Partial<FunctionSpec>;
  /** What must be in force on this machine. */
  readonly needs?: string;
}

/** Every way to fail that the platform tells apart (guide 3.7.2, table 3-39). */
export const WAYS: readonly Way[] = [
  { name: "fails to load", kind: "load", says: /no load/, spec: { environment: { FAIL: "load" } } },
  { name: "fails to initialize", kind: "init", says: /no init/, spec: { environment: { FAIL: "init" } } },
  { name: "raises", event: "code", kind: "code", says: /no code/ },
  { name: "runs past its time", event: "hang", kind: "timeout", says: /timed out/ },
  {
    name: "takes more memory than it has",
    event: "memory",
    kind: "memory",
    says: /runtime memory limit exceeded/,
    spec: { timeoutSeconds: 30 },
    needs: "memory",
  },
  {
    name: "fills /tmp",
    event: "disk",
    kind: "disk",
    says: /space left on device|disk full/i,
    spec: { memoryMb: 1024, timeoutSeconds: 30 },
    needs: "/tmp",
  },
  { name: "ends its process", event: "exit", kind: "crash", says: /exited with code 3/ },
  { name: "is ended by a signal", event: "signal", kind: "crash", says: /SIGKILL/ },
  { name: "returns too much", event: "large", kind: "too-large", says: /6291457.*6291456/ },
  { name: "returns what has no JSON form", event: "unserialisable", kind: "not-serialisable", says: /./ },
];

/** True for languages that have code to fail with. */
export function canFail(family: Family): boolean {
  return hasCode("failing", family);
}
