import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";

/** What lets the thread run TypeScript below node_modules. */
const STRIP_TYPES = new URL("../../launch/typescript.mjs", import.meta.url).href;

/** The thread that packs code, and the way to it. */
interface Packer {
  readonly port: MessagePort;
  /** Becomes 1 once a request is answered. */
  readonly answered: Int32Array;
}

let packer: Packer | undefined;

/** Starts the thread that packs code, unless it runs already. It keeps no program from ending. */
export function startPacker(): Packer {
  packer ??= start();
  return packer;
}

function start(): Packer {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("code-worker.ts", import.meta.url), {
    workerData: { port: port2, answered },
    transferList: [port2],
    execArgv: ["--disable-warning=ExperimentalWarning", "--import", STRIP_TYPES],
  });
  worker.unref();
  port1.unref();
  return { port: port1, answered };
}
