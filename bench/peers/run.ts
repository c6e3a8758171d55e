// npm run bench:peers -- [--rounds 3] [--seconds 4] [--only NAME]... [--write]: tables on standard output, with --write in README.md too.
import { parseArgs } from "node:util";
import { machine, noise, pinning } from "../figures.ts";
import { loadName } from "../load.ts";
import { writeSection } from "../readme.ts";
import { measureRounds } from "../rounds.ts";
import { nodeHttp } from "./http/node-http.ts";
import { fungraph } from "./queues/fungraph.ts";
import { measureQueues, QUEUE_PEERS } from "./queues/index.ts";
import { HTTP_PEERS, MANY, ONE, rowOf, startServers } from "./servers.ts";
import { renderLatencies, renderQueues, renderServers } from "./table.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    only: { type: "string", multiple: true },
    write: { type: "boolean", default: false },
  },
});
const rounds = count("rounds");
const seconds = count("seconds");
const missing: string[] = [];
/** What runs now; it is ended when this program is. */
let running: AsyncDisposableStack | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void running?.disposeAsync().finally(() => process.exit(130)));

const chosen = { servers: wanted(HTTP_PEERS), queues: wanted(QUEUE_PEERS) };
if (chosen.servers.length + chosen.queues.length === 0) {
  const names = [...HTTP_PEERS, ...QUEUE_PEERS].map(({ name }) => name);
  throw new Error(`No peer has ${values.only?.join(" or ")} in its name. There are: ${names.join("; ")}.`);
}
const text = [
  `Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}.`,
  `Load: ${loadName}, POST of 221 bytes of JSON over kept connections; every server answers with what it was sent. ${pinning()}`,
  "",
  ...(chosen.servers.length === 0 ? [] : await part("the servers", servers)),
  ...(chosen.queues.length === 0 ? [] : await part("the queues", queues)),
  ...missing.map((line) => `Not measured here: ${line}.\n`),
].join("\n");
process.stdout.write(`${text}\n`);
if (values.write) writeSection("peers", text);

function count(name: "rounds" | "seconds"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${name} is ${values[name]}; give a whole number from 1 on, for example --${name} 3.`);
}

/** One part of the report. What the other measured is told even when this one fails. */
async function part(
  name: string,
  measure: (stack: AsyncDisposableStack) => Promise<string[]>,
): Promise<string[]> {
  await using stack = new AsyncDisposableStack();
  running = stack;
  try {
    return await measure(stack);
  } catch (error) {
    missing.push(`${name}: ${String(error)}`);
    process.exitCode = 1;
    return [];
  }
}

/** What is measured; all, or those whose name has one of the words given. */
function wanted<T extends { readonly name: string }>(peers: readonly T[]): T[] {
  const words = values.only?.map((word) => word.toLowerCase());
  return peers.filter(({ name }) => words?.some((word) => name.toLowerCase().includes(word)) ?? true);
}

async function servers(stack: AsyncDisposableStack): Promise<string[]> {
  // Everything is told beside the bare echo.
  const peers = [nodeHttp, ...chosen.servers.filter((peer) => peer !== nodeHttp)];
  const started = await startServers(peers, stack, missing);
  const many = await measureRounds(
    started.map((one) => rowOf(one, { connections: 64, seconds })),
    rounds,
  );
  const alone = await measureRounds(
    started.map((one) => rowOf(one, { connections: 1, seconds })),
    rounds,
  );
  const there = peers.filter(({ name }) => many.rows.includes(name));
  return [
    `64 connections, ${rounds} rounds in turns; ratios are of the same round, with their spread. ${noise(many)}`,
    "",
    ...renderServers(many, there, { many: MANY, one: ONE }),
    "",
    `1 connection. ${noise(alone)}`,
    "",
    ...renderLatencies(alone, nodeHttp.name),
    "",
  ];
}

async function queues(stack: AsyncDisposableStack): Promise<string[]> {
  const peers = [fungraph, ...chosen.queues.filter((peer) => peer !== fungraph)];
  const measured = await measureQueues(peers, { rounds, seconds }, { stack, missing });
  return [
    `Jobs of the same 221 bytes, 64 sent at the same time for ${seconds} s while earlier ones run, 64 at once; then one after the other. The store and what runs the jobs on core 0, what sends them on core 1.`,
    "",
    ...renderQueues(measured),
    "",
  ];
}
