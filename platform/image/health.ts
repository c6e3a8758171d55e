// Asks the platform in this container how it is; ends with 0 when it is well. The engine starts it again and again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sign, signingKey } from "../../model/signature.ts";
import { ACCESS_FILE, type Access, DATA_FOLDER, readSettings } from "./settings.ts";

const LIMIT_MS = 4000;
const PATH = "/fungraph/v1/health";

const { host = "", port } = readSettings(process.env);
const here = { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[host] ?? host;
const access = JSON.parse(readFileSync(join(DATA_FOLDER, ACCESS_FILE), "utf8")) as Access;
const address = new URL(PATH, `http://${here}:${port}`);
const signed = { method: "GET", path: PATH, query: "", headers: { host: address.host }, body: "" };
const answer = await fetch(address, {
  headers: sign(signed, { accessKey: access.accessKey, secretKey: signingKey(access.secretKey) }),
  signal: AbortSignal.timeout(LIMIT_MS),
});
// The engine shows what was said beside its "unhealthy".
process.stdout.write(`${answer.status} ${await answer.text()}\n`);
process.exitCode = answer.ok ? 0 : 1;
