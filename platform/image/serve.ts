// The platform as a container's only program. Its settings are variables of the environment, its keys a file in the data folder.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Engine } from "../drivers/docker/engine.ts";
import { removePredecessors } from "../drivers/docker/predecessors.ts";
import { startPlatform, type RunningPlatform } from "../main.ts";
import { ACCESS_FILE, type Access, DATA_FOLDER, readSettings } from "./settings.ts";

const stop = new Promise<void>((resolve) => {
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => resolve());
});

try {
  await takeOver();
  const platform = await startPlatform({
    ...readSettings(process.env),
    dataDir: join(DATA_FOLDER, "platform"),
    driver: "docker",
    problem: say,
  });
  keep(platform);
  for (const sentence of platform.isolation.missing) say(`Isolation: ${sentence}`);
  say(`Platform ready at ${platform.endpoint}`);
  await stop;
  await platform.close();
} catch (error) {
  say(error);
  process.exitCode = 1;
}
// What a failed start or end left open must not keep the container alive.
process.exit();

/** Nothing else may work on the data or listen on the port. */
async function takeOver(): Promise<void> {
  const { FUNGRAPH_STACK: stack } = process.env;
  if (stack === undefined) return;
  const engine = new Engine();
  const meant = await removePredecessors(engine, stack).finally(() => engine.close());
  if (!meant)
    throw new Error("A younger container is this stack's platform; this one is not needed any more.");
}

/** Whoever declares the platform fetches its keys from here; nothing else shows them. */
function keep({ projectId, region, accessKey, secretKey }: RunningPlatform): void {
  const access: Access = { projectId, region, accessKey, secretKey };
  const draft = join(DATA_FOLDER, `${ACCESS_FILE}.new`);
  mkdirSync(DATA_FOLDER, { recursive: true });
  writeFileSync(draft, `${JSON.stringify(access)}\n`, { mode: 0o600 });
  renameSync(draft, join(DATA_FOLDER, ACCESS_FILE));
}

function say(what: unknown): void {
  const text = what instanceof Error ? what.message : String(what);
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}
