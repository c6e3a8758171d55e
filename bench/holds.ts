import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { ZipArchive } from "archiver";
import { Paths } from "../client/paths.ts";
import { Transport } from "../client/transport.ts";
import { CodeType } from "../model/runtimes.ts";
import { clientOf, optionsOf } from "./deployment.ts";
import type { BenchServer } from "./server.ts";
import { createSmall, smallSpec, stockName } from "./stock.ts";

const MB = 1024 * 1024;
/** Large uploads; the largest that may be sent directly is 50 MB (guide 1.6). */
const LARGE_MB = [10, 45];
const LARGE_TIMES = 5;
const SMALL_TIMES = 50;
/** A hold that was over while its answer was on its way is seen by the watch only at the next turn. */
const SETTLE_MS = 5;

/** How long each kind of call holds the platform's event loop at most, in milliseconds; sorted. All others wait so long. */
export async function measureHolds(
  server: BenchServer,
): Promise<readonly { readonly name: string; readonly goal: string; readonly ms: readonly number[] }[]> {
  const client = clientOf(server);
  const transport = new Transport(optionsOf(server));
  const paths = new Paths(optionsOf(server).projectId);
  const get = (path: string, query = {}): Promise<unknown> =>
    transport.send({ method: "GET", path, query, timeoutMs: 60_000 });
  const rows: { name: string; goal: string; ms: number[] }[] = [];
  const measure = async (
    name: string,
    count: number,
    call: (at: number) => Promise<unknown>,
  ): Promise<void> => {
    const ms = await holdsOf(server, count, call);
    rows.push({ name: `event loop held by: ${name}`, goal: "≤ 10", ms });
  };
  const list = paths.functions();
  await measure("nothing", SMALL_TIMES, () => Promise.resolve());
  await measure("list 400 functions, one page", SMALL_TIMES, () => get(list));
  await measure("list 100 of 400 functions", SMALL_TIMES, () => get(list, { maxitems: 100 }));
  await measure("read a configuration", SMALL_TIMES, () => get(paths.function(stockName(7), "config")));
  await measure("create a function", SMALL_TIMES, (at) => createSmall(client, `held-${at}`));
  const urn = await createSmall(client, "held");
  await measure("change a configuration", SMALL_TIMES, (at) =>
    client.functions.updateConfig(urn, smallSpec("held", at)),
  );
  for (const size of LARGE_MB) {
    const archives = await Promise.all(Array.from({ length: LARGE_TIMES + 1 }, () => archiveOf(size)));
    await measure(`upload ${size} MB of code`, LARGE_TIMES, (at) => {
      const file = archives[at + 1] ?? Buffer.alloc(0);
      return client.functions.updateCode(urn, { type: CodeType.Zip, file, filename: "code.zip" });
    });
    await measure(`read ${size} MB of code`, LARGE_TIMES, () => get(paths.function("held", "code")));
  }
  client.close();
  transport.close();
  return rows;
}

async function holdsOf(
  server: BenchServer,
  count: number,
  call: (at: number) => Promise<unknown>,
): Promise<number[]> {
  const holds: number[] = [];
  // The first is a warm-up.
  for (let at = -1; at < count; at++) {
    await longestHold(server);
    await call(at);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const held = await longestHold(server);
    if (at >= 0) holds.push(held);
  }
  return holds.sort((one, other) => one - other);
}

async function longestHold(server: BenchServer): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.facts["holdsPort"] ?? ""}/`);
  return Number(await answer.text());
}

/** A zip that does not compress. */
async function archiveOf(megabytes: number): Promise<Buffer> {
  const zip = new ZipArchive({ store: true });
  zip.append("exports.handler = async () => 1;\n", { name: "index.js" });
  for (let at = 0; at < megabytes; at++) zip.append(randomBytes(MB), { name: `data/${at}.bin` });
  void zip.finalize();
  return buffer(zip);
}
