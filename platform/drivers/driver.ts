import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { MountsSpec } from "../../model/mount.ts";
import type { RuntimeFamily } from "../../model/runtimes.ts";
import type { NetworkPlace, Surroundings } from "./surroundings.ts";

/**
 * What a place to run instances can do. Callers ask these facts; nobody outside a driver's folder asks for its name.
 */
export interface Capabilities {
  /** Isolation that is in force on this machine, for example `network namespace`. */
  readonly isolation: readonly string[];
  /** Isolation that design promises and this machine lacks, each a sentence that says what would bring it. */
  readonly missing: readonly string[];
  readonly canPause: boolean;
  readonly limitsMemory: boolean;
}

/** Where port 8000 of an instance is for other processes of this machine: the folder with its door, or an address. */
export type Way = { readonly folder: string } | { readonly host: string; readonly port: number };

/** How an instance ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** True when the memory limit ended it. */
  readonly outOfMemory: boolean;
  /** True when its /tmp was full at the end. */
  readonly temporaryFull: boolean;
  /** Set where nobody can tell how it ended, since what ran it is gone: a sentence on that. */
  readonly lost?: string;
}

/** What turns a generic instance into one of a function. */
export interface Claim {
  /** Folder with the unpacked code, read-only for the instance. */
  readonly codeDir: string;
  readonly memoryMb: number;
  readonly cpuMillicores: number;
  /** Left out: the network that all functions share. It is in force before `claim` settles. */
  readonly network?: NetworkPlace;
}

export interface Usage {
  readonly memoryBytes: number;
  /** Bytes in the instance's /tmp. */
  readonly temporaryBytes: number;
}

/** A container image of the user's own (guide 3.2.4): it brings its own server and knows no runtime protocol. */
export interface ImageRequest {
  /** As engines take it, for example `registry.example.com/team/shop:1.4`. */
  readonly reference: string;
  /** Replaces the image's entry point; empty: the image's own. */
  readonly command: readonly string[];
  /** Replaces the image's arguments; empty: the image's own, unless `command` is given. */
  readonly args: readonly string[];
  /** Absolute; empty: the image's own. */
  readonly workingDir: string;
  readonly uid: number;
  readonly gid: number;
  /** Set from the start, since nothing can be told later. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly cpuMillicores: number;
}

/** What `create` starts. */
export interface InstanceRequest {
  readonly id: string;
  /** A name of model/runtimes.ts. */
  readonly runtime: string;
  /** Set: the instance runs this image, belongs to its function from the start, and is never claimed. */
  readonly image?: ImageRequest;
  /** Set: it is there from the start. The claim of an instance of a runtime names the same. */
  readonly network?: NetworkPlace;
  /** The claim that will follow, where that is known: the driver may begin with it at once. */
  readonly claim?: Claim;
  /** Set: the instance belongs to its function from the start, and runs as this user. */
  readonly mounts?: MountsSpec;
}

/** An instance that a process still uses whose driver is gone. */
export interface Held {
  readonly request: InstanceRequest;
  /** Left out: it was never claimed. */
  readonly claim?: Claim;
}

/** A running instance: generic, claimed, or of a container image. */
export interface DriverInstance {
  readonly id: string;
  /** The stream of the runtime protocol (runtime-images/PROTOCOL.md); undefined for a container image, which `connect` reaches, and with a `line`. */
  readonly stream: Duplex | undefined;
  /** Set: another process has the platform's end of the stream, and knows it by this name. */
  readonly line?: string | undefined;
  /** The token that HELLO must bring back. */
  readonly token: string;
  /** Settles when the instance is gone, however that came about. Never rejects. */
  readonly exited: Promise<Exit>;
  /**
   * Puts code and limits in place.
   * @returns where the instance sees its code, for LOAD's `codeRoot`
   */
  claim(claim: Claim): Promise<string>;
  /**
   * The code is loaded and initialized: from now on the instance has its function's share of the processors. Until then it may use all, for
   * a while. A driver without it holds instances to their share from the claim on.
   */
  settle?(): void;
  /**
   * A byte stream to port 8000, where the code inside serves HTTP: for runtimes of the families `http`, also when the code serves its own
   * loopback alone (through the door of the bootstrap, see PROTOCOL.md), and `image`. Rejects when the instance cannot be reached or has no
   * such port. Where nobody listens the stream may be refused or end before its first byte.
   */
  connect(): Promise<Socket>;
  /** Where `connect` leads, for as long as the instance lives. Rejects as that does. Without it, only this process gets there. */
  way?(): Promise<Way>;
  /** Called with each chunk that the instance or its children write to standard output or error. */
  onOutput(listener: (chunk: Buffer, stream: "stdout" | "stderr") => void): void;
  usage(): Promise<Usage>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the instance and everything it started, and frees all it held. Safe to call twice. */
  destroy(): Promise<void>;
}

/** A place where instances run. Every driver passes test/drivers/contract.ts. */
export interface Driver {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Families this driver can start here, with the interpreter it found; others say why not. */
  runtimes(): Promise<readonly RuntimeAvailability[]>;
  /** Instances of this runtime are likely to be wanted: what makes their starts faster may be made now. Says nothing when it cannot. */
  expect?(runtime: string): void;
  /** Starts a generic instance of a runtime, or one of an image. Rejects with a plain reason when it cannot. */
  create(request: InstanceRequest): Promise<DriverInstance>;
  /**
   * Makes what is declared, changes what is there, and removes what no longer is. Instances keep their place. Rejects with all that could
   * not be made; what could be is in force. A driver without it has neither networks nor file systems for functions.
   */
  arrange?(surroundings: Surroundings): Promise<void>;
  /**
   * Takes over an instance that an earlier, killed run made, as `create` and `claim` left it but without its stream, which whoever uses it has.
   * Called before `recover`, which ends all that was not taken over. Resolves to undefined when it runs no more. A driver without it cannot: its
   * instances end with it.
   */
  adopt?(held: Held): Promise<DriverInstance | undefined>;
  /** Removes what an earlier, killed run left behind (processes, cgroups, folders). */
  recover(): Promise<void>;
  /** Ends every instance. */
  close(): Promise<void>;
}

export interface RuntimeAvailability {
  readonly runtime: string;
  readonly family: RuntimeFamily;
  readonly available: boolean;
  /** The interpreter that runs it, or why there is none. */
  readonly detail: string;
}
