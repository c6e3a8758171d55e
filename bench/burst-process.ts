// Callers that work at a project without a pause: list, create, update, delete. Prints a line when it is warm, and how many calls it
// made since after SIGTERM.
import { Client } from "../client/client.ts";
import { Paths } from "../client/paths.ts";
import { Transport, type ClientOptions } from "../client/transport.ts";
import { createSmall, smallSpec } from "./stock.ts";

const CALLERS = 4;
/** What a program does when it starts would be measured with what it calls. */
const WARM_UP_MS = 2000;
const options = JSON.parse(process.argv[2] ?? "{}") as ClientOptions;
const client = new Client(options);
const transport = new Transport(options);
const list = { method: "GET", path: new Paths(options.projectId).functions() } as const;
const end = new AbortController();
let calls = 0;
process.once("SIGTERM", () => end.abort());
setTimeout(() => {
  calls = 0;
  process.stdout.write("warm\n");
}, WARM_UP_MS).unref();

async function work(caller: number): Promise<void> {
  for (let round = 0; !end.signal.aborted; round++) {
    const name = `burst-${caller}-${round}`;
    const urn = await createSmall(client, name);
    // Not read any further: its client would need the core that the load runs on.
    await transport.send(list);
    await client.functions.updateConfig(urn, smallSpec(name, 1));
    await client.functions.delete(name);
    calls += 4;
  }
}

await Promise.all(Array.from({ length: CALLERS }, (_, at) => work(at)));
client.close();
transport.close();
process.stdout.write(`${calls}\n`);
