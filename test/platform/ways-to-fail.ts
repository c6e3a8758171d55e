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
  /** Families that cannot fail so, and why. */
  readonly not?: Readonly<Partial<Record<Family, string>>>;
}

/** Every way to fail that the platform tells apart (guide 3.7.2, table 3-39). */
export const WAYS: readonly Way[] = [
  {
    name: "fails to load",
    kind: "load",
    says: /no load/,
    spec: { environment: { FAIL: "load" } },
    not: { custom: "with an initializer, what goes wrong before it is ready is its initialization" },
  },
  {
    name: "fails to initialize",
    kind: "init",
    says: /no init|exited with code 1 before it was ready/,
    spec: { environment: { FAIL: "init" } },
  },
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
  {
    name: "returns what has no JSON form",
    event: "unserialisable",
    kind: "not-serialisable",
    says: /./,
    not: { custom: "a result is what the program posts: bytes" },
  },
];

/** Why a family has no way to fail so; undefined when it has one. */
export function whyNot(family: Family, way: Way): string | undefined {
  return hasCode("failing", family) ? way.not?.[family] : "its requests are HTTP, see test/web";
}
