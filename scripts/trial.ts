// Kills the durable queue a thousand times: npm run trial -- [--store sqlite|postgres] [--rounds 1000]
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { store: { type: "string", default: "sqlite" }, rounds: { type: "string", default: "1000" } },
});
if (!["sqlite", "postgres"].includes(values.store))
  throw new Error(`--store is ${JSON.stringify(values.store)}; write sqlite or postgres.`);
if (!/^[1-9]\d*$/.test(values.rounds))
  throw new Error(`--rounds is ${JSON.stringify(values.rounds)}; write how many times, such as 1000.`);
const { status } = spawnSync(
  process.execPath,
  ["scripts/run.mjs", "node_modules/vitest/vitest.mjs", "run", "test/triggers/kill-trial.test.ts"],
  {
    stdio: "inherit",
    env: { ...process.env, FUNGRAPH_KILL_STORE: values.store, FUNGRAPH_KILL_ROUNDS: values.rounds },
  },
);
process.exitCode = status ?? 1;
