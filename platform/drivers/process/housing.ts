import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { Claim, Usage, Way } from "../driver.ts";
import type { Interpreter } from "./languages/language.ts";

/** What is needed to start one generic instance. */
export interface Tenant {
  readonly id: string;
  readonly interpreter: Interpreter;
  /** For HELLO. */
  readonly token: string;
  /** A folder of its own in the run folder, for whatever the housing needs. */
  readonly folder: string;
}

/** Facts that only the end of an instance tells. */
export interface Remains {
  readonly outOfMemory: boolean;
  readonly temporaryFull: boolean;
}

/** One started instance, as its housing sees it. Descriptor 3 of `child` is the link, unless that is a line. */
export interface Cell {
  readonly child: ChildProcess;
  /** See DriverInstance. */
  readonly line: string | undefined;
  /** Settles when `child` runs. Rejects when it cannot. */
  readonly spawned: Promise<unknown>;
  claim(claim: Claim): Promise<string>;
  /** See DriverInstance. */
  settle(): void;
  /** See DriverInstance. */
  connect(): Promise<Socket>;
  /** See DriverInstance. */
  way(): Promise<Way>;
  usage(): Promise<Usage>;
  pause(): void;
  resume(): void;
  /** Ends every process of the instance, at once. */
  kill(): void;
  /** Frees what is left when `child` has ended. */
  clear(): Promise<Remains>;
}

/** One way to keep instances apart: what it gives, what it lacks, how to start in it. */
export interface Housing {
  readonly isolation: readonly string[];
  readonly missing: readonly string[];
  readonly canPause: boolean;
  readonly limitsMemory: boolean;
  /** Tenants with this interpreter are likely to come. */
  expect(interpreter: Interpreter): void;
  start(tenant: Tenant): Promise<Cell>;
  /** Removes what housings of dead platforms left. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

/** The environment of every instance, without its token; nothing of the platform's own is passed on. */
export function tenantEnvironment(path: string): Record<string, string> {
  return { PATH: path, LANG: "C.UTF-8", FUNGRAPH_LINK: "fd:3" };
}

/** Tells an instance where the libraries are that came with its runtime. @param place `inside` a sandbox, else the `folder` itself */
export function librariesVariable(
  { libraries }: Interpreter,
  place: "inside" | "folder",
): Record<string, string> {
  return libraries === undefined ? {} : { [libraries.variable]: libraries[place] };
}
