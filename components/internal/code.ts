import { receiveMessageOnPort } from "node:worker_threads";
import type { Fault } from "../../model/fault.ts";
import { startPacker } from "./packer.ts";

/** What is to be packed. */
export interface CodeRequest {
  /** Absolute path of the program's folder. */
  readonly root: string;
  /** Folder, archive or `.ts` entry, relative to it. */
  readonly code: string;
  /** What a function's code has to fit; undefined for a dependency, which has no entry. */
  readonly entry: { readonly runtime: string; readonly handler: string } | undefined;
  /** Code is read once in one turn of the event loop; a request of a later turn looks again. */
  readonly turn: number;
}

/** A packed archive as the provider wants to hear of it. */
export interface PackedInputs {
  readonly codeDigest: string;
  readonly codeSize: number;
  readonly codeFilename: string;
  readonly codeType: string;
  /** Content-addressed, relative to the program's folder. */
  readonly codeArchive: string;
}

/** A packed dependency as the provider wants to hear of it. */
export interface PackedFiles {
  /** MD5 of the archive, hex. */
  readonly codeEtag: string;
  readonly codeSize: number;
  /** Content-addressed, relative to the program's folder. */
  readonly codeArchive: string;
}

/** What the worker answers; `broken` when packing itself failed and the code is not to blame. */
export interface CodeAnswer<Packed = PackedInputs | PackedFiles> {
  readonly faults: Fault[];
  readonly packed?: Packed;
  readonly broken?: string;
}

/** Longer than the largest bundle takes; only a worker that has died is as slow as this. */
const LIMIT_MS = 300_000;

interface Turn {
  readonly number: number;
  readonly answers: Map<string, CodeAnswer>;
}

let turns = 0;
let open: Turn | undefined;

/** Where code is: a path, and the program's folder that it counts from. */
interface CodePlace {
  readonly root: string;
  readonly code: string;
}

/** Packs a function's code and waits for it. */
export function packCode(code: CodePlace & NonNullable<CodeRequest["entry"]>): CodeAnswer<PackedInputs> {
  const { runtime, handler, ...place } = code;
  return pack({ ...place, entry: { runtime, handler } }) as CodeAnswer<PackedInputs>;
}

/** Packs a dependency's files and waits for it. */
export function packDependency(place: CodePlace): CodeAnswer<PackedFiles> {
  return pack({ ...place, entry: undefined }) as CodeAnswer<PackedFiles>;
}

/**
 * Packing is asynchronous, but a declaration is not: it tells all its faults when it is made. So a worker packs, and
 * this thread sleeps until it has.
 */
function pack(code: Omit<CodeRequest, "turn">): CodeAnswer {
  const turn = currentTurn();
  const key = JSON.stringify([code.root, code.code, code.entry]);
  const known = turn.answers.get(key);
  if (known !== undefined) return known;
  const answer = ask({ ...code, turn: turn.number });
  turn.answers.set(key, answer);
  return answer;
}

function ask(request: CodeRequest): CodeAnswer {
  const { port, answered } = startPacker();
  Atomics.store(answered, 0, 0);
  port.postMessage(request);
  if (Atomics.wait(answered, 0, 0, LIMIT_MS) === "timed-out")
    throw new Error(`Packing ${request.code} gave no answer within ${LIMIT_MS / 1000} s.`);
  const received: { message: CodeAnswer } | undefined = receiveMessageOnPort(port);
  const answer = received?.message ?? { faults: [], broken: "no answer" };
  if (answer.broken !== undefined) throw new Error(`Packing ${request.code} failed: ${answer.broken}`);
  return answer;
}

/** The turn of the event loop that runs now. What was packed in it is not looked at again. */
function currentTurn(): Turn {
  if (open !== undefined) return open;
  turns += 1;
  open = { number: turns, answers: new Map() };
  setImmediate(() => {
    open = undefined;
  });
  return open;
}
