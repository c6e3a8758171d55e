import { describe, expect, test } from "vitest";
import type { Interpreter } from "../../platform/drivers/process/languages/language.ts";
import { nodejs } from "../../platform/drivers/process/languages/nodejs.ts";
import { python } from "../../platform/drivers/process/languages/python.ts";
import { filesLanguage } from "./files-language.ts";
import { startInstance } from "./instance.ts";
import { programOf } from "./languages/interpreted.ts";
import type { Family } from "./languages/language.ts";

/** Guide table 3-42. */
const NODE_MODULES = ["co", "esdk-obs-nodejs", "express", "fgs-express", "lodash", "q", "request"];
/** Guide table 3-43; the object storage client by its new and its old name. */
const PYTHON_MODULES = [
  "dateutil.parser",
  "requests",
  "httplib2",
  "numpy",
  "redis",
  "obs",
  "com.obs.client.obs_client",
];

type Files = Readonly<Record<string, string>>;

const nodes = await withLibraries(nodejs.find());
const pythons = await withLibraries(python.find());
if (nodes.length + pythons.length === 0)
  console.warn("skipped: the libraries of runtimes: `fungraph runtimes install` brings them");

async function withLibraries(found: Promise<readonly Interpreter[]>) {
  const all = (await found).filter((one) => one.libraries !== undefined);
  return all.map((one) => [one.version, one] as const);
}

/** What code made of these files answers. */
async function answerOf(interpreter: Interpreter, files: Files, event: unknown = {}): Promise<unknown> {
  const { family } = interpreter;
  await using instance = await startInstance(
    filesLanguage(family as Family, files),
    programOf(interpreter),
    "code",
  );
  await instance.load();
  const end = await instance.invoke(JSON.stringify(event), 20_000);
  expect(end).toMatchObject({ kind: "ok" });
  return JSON.parse(end.text);
}

const SITE = `const express = require("express");
const fgs = require("fgs-express");
const app = express();
app.use(require("fgs-express/middleware").eventContext());
app.post("/notes/:id", (request, response) => {
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    const { event, context } = request.apiGateway;
    response.cookie("a", "1").cookie("b", "2").status(201);
    response.json([request.params.id, request.query, text, event.httpMethod, context.getFunctionName()]);
  });
});
app.get("/raw", (request, response) => response.type("application/zip").send(Buffer.from([0, 255])));
const server = fgs.createServer(app);
exports.handler = (event, context, callback) => fgs.proxy(server, event, context, callback);`;

describe.each(nodes)("Node.js %s", (_version, interpreter) => {
  test("requires each module of the table", async () => {
    const code = `exports.handler = (event, context, callback) => callback(null, event.filter((name) => require(name) === undefined));`;
    expect(await answerOf(interpreter, { "index.js": code }, NODE_MODULES)).toEqual([]);
  });

  test("takes the code's own module of the same name", async () => {
    const files = {
      "index.js": `exports.handler = (event, context, callback) => callback(null, [require("lodash")]);`,
      "node_modules/lodash/index.js": `module.exports = "mine";`,
    };
    expect(await answerOf(interpreter, files)).toEqual(["mine"]);
  });

  test("serves an Express application behind an API gateway trigger", async () => {
    const posted = {
      httpMethod: "POST",
      path: "/notes/é 7",
      queryStringParameters: { q: ["1", "2"], r: "&" },
      headers: { "content-type": "text/plain", "content-length": "999" },
      body: Buffer.from("wörter").toString("base64"),
      isBase64Encoded: true,
    };
    const answer = (await answerOf(interpreter, { "index.js": SITE }, posted)) as Record<string, unknown>;
    expect(answer).toMatchObject({ statusCode: 201, isBase64Encoded: false });
    expect(answer["headers"]).toMatchObject({ "set-cookie": ["a=1; Path=/", "b=2; Path=/"] });
    expect(JSON.parse(String(answer["body"]))).toEqual([
      "é 7",
      { q: ["1", "2"], r: "&" },
      "wörter",
      "POST",
      "hello",
    ]);
    const raw = { httpMethod: "GET", path: "/raw", headers: {} };
    expect(await answerOf(interpreter, { "index.js": SITE }, raw)).toMatchObject({
      statusCode: 200,
      isBase64Encoded: true,
      body: "AP8=",
    });
  });
});

describe.each(pythons)("Python %s", (_version, interpreter) => {
  const smn = interpreter.version.startsWith("2.") ? [] : ["huaweicloudsdksmn.v2"];
  const code =
    "import importlib\ndef handler(event, context):\n    return [importlib.import_module(name).__name__ for name in event]\n";

  test("imports each module of the table", async () => {
    const names = [...PYTHON_MODULES, ...smn];
    expect(await answerOf(interpreter, { "index.py": code }, names)).toEqual(names);
  });

  test("takes the code's own module of the same name", async () => {
    const files = {
      "index.py": "import six\ndef handler(event, context):\n    return [six.mine]\n",
      "six.py": "mine = 'mine'\n",
    };
    expect(await answerOf(interpreter, files)).toEqual(["mine"]);
  });
});
