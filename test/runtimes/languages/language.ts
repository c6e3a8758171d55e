import { cp } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";

export type Family = "csharp" | "custom" | "go" | "http" | "java" | "nodejs" | "php" | "python";

/** `runtime-images/` of this repository. */
export const IMAGES = fileURLToPath(new URL("../../../runtime-images", import.meta.url));

/** A program of this machine that runs the bootstrap of a language, for example a version of its interpreter. */
export interface Program {
  /** For example `nodejs 24.21.0`. */
  readonly title: string;
  /** Version of the language, for example `12.22.1`; needed where cases say since when they apply. */
  readonly version?: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that this start needs beyond PATH and the link. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One way to start the bootstrap of a language here: as a process, or by another's means. */
export type Subject =
  | Program
  | {
      readonly title: string;
      readonly version?: string;
      /** @param code folder with the code, ready to run */
      start(code: string): Promise<Started>;
    };

/** How an instance ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A started instance, wherever it runs. */
export interface Started {
  readonly stream: Duplex;
  readonly token: string;
  /** Where the instance sees its code. */
  readonly codeRoot: string;
  readonly exited: Promise<Ending>;
  onOutput(listener: (chunk: Buffer) => void): void;
  /** Ends it, if it still runs. */
  end(): Promise<void>;
}

/** What the harness must know of a language to run the contract's cases in it. */
export interface Language {
  readonly family: Family;
  /** The starts that work on this machine, and one line for each that does not. */
  subjects(): Promise<{ readonly found: readonly Program[]; readonly missing: readonly string[] }>;
  /** The name that LOAD carries for a case's `index.handler`, `index.init` and so on. */
  handler(name: string): string;
  /** Fills a folder with the ready-to-run code of a case; compiled languages build all cases at the first call. */
  putCode(id: string, folder: string): Promise<void>;
}

/** Copies the sources of a case as they stand: `<id><ending>` as `index<ending>`, or the files of the folder `<id>`. */
export async function copySources(
  family: Family,
  { id, ending }: { id: string; ending: string },
  folder: string,
): Promise<void> {
  const sources = join(IMAGES, "contract", family);
  if (existsSync(join(sources, id))) return cp(join(sources, id), folder, { recursive: true });
  await cp(join(sources, id + ending), join(folder, `index${ending}`));
}
