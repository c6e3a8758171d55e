// Requests per second and round trip of Link with one real instance of each bootstrap: `node bench/link.ts`.
import type { Call } from "../platform/link/call.ts";
import type { Link } from "../platform/link/link.ts";
import { startInstance } from "../test/runtimes/instance.ts";
import { subjectsHere } from "../test/runtimes/languages/index.ts";

const ROUNDS = 3;
const CALLS = 40_000;
const EVENT = Buffer.from(
  JSON.stringify({
    user: "u-100",
    items: Array.from({ length: 8 }, (_, id) => ({ id, name: `item ${id}` })),
  }),
);
/** A call that hands itself over again until the count is used up. */
class EchoCall implements Call {
  readonly requestId = "8a1f0c52-7a58-4f41-a7a5-6d5a1a0ff0a1";
  readonly event = EVENT;
  readonly meta = undefined;
  readonly #again: (call: EchoCall) => void;
  deadline = 0;
  constructor(again: (call: EchoCall) => void) {
    this.#again = again;
  }
  log(): void {
    throw new Error("an echo logs nothing");
  }
  succeed(): void {
    this.#again(this);
  }
  fail(kind: string, body: Buffer): void {
    throw new Error(`${kind}: ${body.toString()}`);
  }
}

/** Requests per second with so many in flight. */
function measure(link: Link, inFlight: number, count: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const began = performance.now();
  let open = inFlight;
  let left = count;
  const again = (call: EchoCall): void => {
    if (left-- > 0) {
      call.deadline = performance.now() + 10_000;
      link.invoke(call);
    } else if (--open === 0) resolve((count * 1000) / (performance.now() - began));
  };
  for (let i = 0; i < inFlight; i++) again(new EchoCall(again));
  return promise;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

console.log(
  `| ${EVENT.length}-byte event | concurrency | 64 in flight | 8 in flight | one at a time | round trip |`,
);
console.log("| --- | --- | --- | --- | --- | --- |");
for (const { title, language, subject } of await subjectsHere()) {
  for (const concurrency of [16, 1]) {
    await using instance = await startInstance(language, subject, "echo");
    await instance.load({ concurrency });
    await measure(instance.link, 64, CALLS / 2);
    const rates: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      rates[0].push(await measure(instance.link, 64, CALLS));
      rates[1].push(await measure(instance.link, 8, CALLS));
      rates[2].push(await measure(instance.link, 1, CALLS / 4));
    }
    const [many, few, one] = rates.map(median);
    const cells = [many, few, one].map((rate) => `${((rate ?? 0) / 1000).toFixed(1)} k/s`);
    console.log(`| ${[title, concurrency, ...cells, `${(1e6 / (one ?? 1)).toFixed(0)} µs`].join(" | ")} |`);
  }
}
