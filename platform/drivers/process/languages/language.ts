import type { RuntimeFamily } from "../../../../model/runtimes.ts";

/** A program on this machine that runs the bootstrap of a runtime family. */
export interface Interpreter {
  readonly family: RuntimeFamily;
  /** Short name, for example `python3.12`; also the name of its folder inside a sandbox. */
  readonly name: string;
  /** Version of the language, for example `3.12.1`. */
  readonly version: string;
  /** Absolute path of the program; relative, it is one that `build` makes in the family's folder. */
  readonly program: string;
  /** The program that users know, where `program` only starts it. */
  readonly launched?: string;
  /** Folder that holds all that the program needs, the program included. */
  readonly prefix: string;
  /**
   * Arguments of the program.
   * @param image the family's folder of `runtime-images/` as the instance sees it. @param from the folder that the instance starts in
   */
  arguments(image: string, from: string): readonly string[];
  /** Its bootstrap is a fork server too, where FUNGRAPH_FORKS names the descriptor of its orders. */
  readonly forks?: boolean;
  /** Its bootstrap opens a door to port 8000 (runtime-images/PROTOCOL.md). */
  readonly door?: boolean;
  /** Set when they are installed. */
  readonly libraries?: Libraries;
}

/** Third-party libraries that come with a runtime (guide 3.9, tables 3-42 and 3-43); the code's own come first. */
export interface Libraries {
  /** Folder on this machine. */
  readonly folder: string;
  /** The same folder as a sandbox shows it. */
  readonly inside: string;
  /** Variable that tells the instance where they are. */
  readonly variable: string;
}

/** How instances of one runtime family start as processes of this machine. */
export interface Language {
  readonly family: RuntimeFamily;
  /** The interpreters of this machine. Looks, and builds nothing: it is asked at every start of the platform. */
  find(): Promise<readonly Interpreter[]>;
  /** The interpreter that serves a version of the language; the very one, else what runs the same programs. */
  choose(found: readonly Interpreter[], version: string): Interpreter | undefined;
  /** Why there is none for this version, and what to install: one or two sentences. */
  missing(version: string): string;
  /**
   * Builds what the bootstrap is made of, in a writable copy of the family's folder. Runs once, before the first start.
   * @throws Error that says what is missing
   */
  build?(interpreter: Interpreter, image: string): Promise<void>;
  /** Makes later starts faster, in the same folder; the first ones do not wait for it, and it may fail. */
  polish?(interpreter: Interpreter, image: string): Promise<unknown>;
}

/** The oldest interpreter that is at least of that version. */
export function nearest(found: readonly Interpreter[], version: string): Interpreter | undefined {
  return found
    .filter((one) => rank(one.version) >= rank(version))
    .sort((a, b) => rank(a.version) - rank(b.version))[0];
}

/** First numbers of a version, for example [3, 12]. */
export function numbers(version: string): number[] {
  return version.split(".").map(Number);
}

function rank(version: string): number {
  const [major = 0, minor = 0] = numbers(version);
  return major * 1000 + minor;
}
