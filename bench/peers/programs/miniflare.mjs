import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const simulator = new Miniflare({
  modules: true,
  scriptPath: fileURLToPath(new URL("workerd.mjs", import.meta.url)),
  compatibilityDate: "2026-01-01",
  host: "127.0.0.1",
  port: 0,
});
const url = await simulator.ready;
process.stdout.write(`${JSON.stringify({ port: Number(url.port) })}\n`);
process.once("SIGTERM", () => void simulator.dispose().finally(() => process.exit(0)));
