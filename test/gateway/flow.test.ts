import { Agent } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ask, codeOf, eventually, type Answer } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const OK =
  "const ok = (body) => ({ statusCode: 200, headers: {}, body: String(body), isBase64Encoded: false });\n";
const sleeping = `${OK}
let running = 0, most = 0, order = [];
exports.handler = async (event, context) => {
  const query = event.queryStringParameters;
  running += 1; most = Math.max(most, running); order.push(query.n);
  await new Promise((resolve) => setTimeout(resolve, Number(query.ms ?? 0)));
  running -= 1;
  return ok(JSON.stringify({ most, order, pid: process.pid }));
};`;

let stack: Stack | undefined;

const code = (n: number) => ({ "index.js": `${OK}exports.handler = async (event, context) => ok(${n});` });

afterEach(async () => {
  expect(stack?.problems ?? []).toEqual([]);
  await stack?.[Symbol.asyncDispose]();
  stack = undefined;
});

interface Told {
  readonly most: number;
  readonly order: string[];
  readonly pid: number;
}

function told(answer: Answer): Told {
  return JSON.parse(answer.body) as Told;
}

test("calls to one instance run one at a time, in the order they came", async () => {
  stack = await startStack();
  const { key } = await stack.deploy({ "index.js": sleeping }, { maxInstances: 1 });
  stack.route(key, { path: "/" });
  await ask(`${stack.origin}/?n=first`);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => ask(`${stack?.origin}/?n=${n}&ms=1`, { agent })),
  );
  agent.destroy();
  const last = told(answers.at(-1) as Answer);
  expect(last.most).toBe(1);
  expect(last.order).toEqual(["first", ...Array.from({ length: 20 }, (_, n) => String(n))]);
});

test("a full queue is 429 FSS.0429, and room comes back", async () => {
  stack = await startStack({ limits: { queueLength: 2 } });
  const { key } = await stack.deploy({ "index.js": sleeping }, { maxInstances: 1 });
  stack.route(key, { path: "/" });
  await ask(`${stack.origin}/?n=warm`);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) => ask(`${stack?.origin}/?n=${n}&ms=300`)),
  );
  const statuses = answers.map((answer) => answer.status).sort((one, other) => one - other);
  expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
  const refused = answers.find((answer) => answer.status === 429) as Answer;
  expect(codeOf(refused)).toBe("FSS.0429");
  expect((await ask(`${stack.origin}/?n=after`)).status).toBe(200);
});

test("a call that waits too long for a busy instance is 429", async () => {
  stack = await startStack({ limits: { queueSeconds: 0.2 } });
  const { key } = await stack.deploy({ "index.js": sleeping }, { maxInstances: 1, timeoutSeconds: 10 });
  stack.route(key, { path: "/", func_info: { timeout: 10_000 } });
  await ask(`${stack.origin}/?n=warm`);
  const [long, waiting] = await Promise.all([
    ask(`${stack.origin}/?n=long&ms=1000`),
    ask(`${stack.origin}/?n=waiting`),
  ]);
  expect([long.status, waiting.status]).toEqual([200, 429]);
});

test("the account's concurrent executions are a limit over all functions", async () => {
  stack = await startStack({ limits: { concurrentExecutions: 2 } });
  const one = await stack.deploy({ "index.js": sleeping }, { name: "one", concurrency: 10 });
  const two = await stack.deploy({ "index.js": sleeping }, { name: "two", concurrency: 10 });
  stack.route(one.key, { path: "/one" });
  stack.route(two.key, { path: "/two" });
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => ask(`${stack?.origin}/${n % 2 === 0 ? "one" : "two"}?n=${n}&ms=50`)),
  );
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
  for (const answer of answers) expect(told(answer).most).toBeLessThanOrEqual(2);
});

test("busy instances bring more instances, up to the function's maximum", async () => {
  stack = await startStack();
  const { key } = await stack.deploy({ "index.js": sleeping }, { maxInstances: 3 });
  stack.route(key, { path: "/" });
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, n) => ask(`${stack?.origin}/?n=${n}&ms=400`)),
  );
  expect(new Set(answers.map((answer) => told(answer).pid)).size).toBe(3);
});

test("an alias spreads calls by its weight", async () => {
  stack = await startStack();
  const { key } = await stack.deploy(
    {
      "index.js": `${OK}exports.handler = async (event, context) => ok(context.getVersion() + context.getAlias());`,
    },
    { concurrency: 20 },
  );
  stack.store.versions.publish(key, "one", "");
  stack.store.versions.publish(key, "two", "");
  stack.store.aliases.create(key, {
    name: "live",
    version: "one",
    description: "",
    additional: { version: "two", weight: 25 },
  });
  stack.route(key, { path: "/" }, "!live");
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const answers = await Promise.all(Array.from({ length: 800 }, () => ask(`${stack?.origin}/`, { agent })));
  const grey = answers.filter((answer) => answer.body === "twolive").length;
  expect(answers.filter((answer) => answer.body === "onelive").length).toBe(800 - grey);
  // Five standard deviations (12) around 200.
  expect(grey).toBeGreaterThan(139);
  expect(grey).toBeLessThan(261);

  stack.store.aliases.update(key, { name: "live", version: "two", description: "" });
  expect((await ask(`${stack.origin}/`, { agent })).body).toBe("twolive");
  agent.destroy();
});

test("a new revision under load takes over without a failed request", async () => {
  stack = await startStack();
  const { key } = await stack.deploy(code(0), { concurrency: 4 });
  stack.route(key, { path: "/" });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const seen = new Set<string>();
  const load = { going: true };
  const callers = Array.from({ length: 16 }, async () => {
    while (load.going) {
      const answer = await ask(`${stack?.origin}/`, { agent });
      seen.add(`${answer.status} ${answer.body}`);
    }
  });
  for (let n = 1; n <= 4; n++) {
    await stack.deploy(code(n), { concurrency: 4 });
    await eventually(() => seen.has(`200 ${n}`));
  }
  load.going = false;
  await Promise.all(callers);
  agent.destroy();
  expect([...seen].sort()).toEqual(["200 0", "200 1", "200 2", "200 3", "200 4"]);
  await eventually(() => new Set(stack?.scheduler.instances().map((one) => one.target)).size <= 1);
});

test("idle instances are given back", async () => {
  stack = await startStack({ limits: { idleSeconds: 0.5 } });
  const { key } = await stack.deploy({ "index.js": sleeping });
  stack.route(key, { path: "/" });
  await ask(`${stack.origin}/?n=1`);
  expect(stack.scheduler.instances().length).toBe(1);
  await eventually(() => stack?.scheduler.instances().length === 0);
  expect((await ask(`${stack.origin}/?n=2`)).status).toBe(200);
});

test("logs of calls that run together in one instance keep apart", async () => {
  stack = await startStack();
  const { key } = await stack.deploy(
    {
      "index.js": `${OK}exports.handler = async (event, context) => {
        const n = event.queryStringParameters.n;
        for (let step = 0; step < 3; step++) {
          console.log("call " + n + " step " + step);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return ok(n);
      };`,
    },
    { concurrency: 20 },
  );
  stack.route(key, { path: "/" });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(`${stack?.origin}/?n=${n}`)));
  for (const answer of answers) {
    const requestId = String(answer.headers["x-cff-request-id"]);
    const page = await stack.telemetry.logs(`${stack.credential.projectId}/default/demo`, { requestId });
    const lines = page.entries.flatMap((entry) => (entry.kind === "line" ? [entry.text] : []));
    expect(lines.length).toBe(3);
    for (const [step, line] of lines.entries()) expect(line).toContain(`call ${answer.body} step ${step}`);
  }
});

test("calls handed ahead to an instance that dies run elsewhere", async () => {
  stack = await startStack();
  const { key } = await stack.deploy(
    {
      "index.js": `${OK}exports.handler = async (event, context) => {
        if (event.queryStringParameters.die === "exit") process.exit(1);
        if (event.queryStringParameters.die === "hang") for (;;);
        return ok(process.pid);
      };`,
    },
    { maxInstances: 1 },
  );
  stack.route(key, { path: "/" });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  for (const die of ["exit", "hang"]) {
    // Short calls first: only then is anything handed ahead.
    await Promise.all(Array.from({ length: 200 }, () => ask(`${stack?.origin}/`, { agent })));
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        ask(`${stack?.origin}/${n === 4 ? `?die=${die}` : ""}`, { agent }),
      ),
    );
    const failed = answers.filter((answer) => answer.status !== 200);
    expect(failed.map((answer) => answer.status)).toEqual([die === "exit" ? 502 : 504]);
  }
  agent.destroy();
}, 60_000);

test("one call that hangs among many is ended; the others finish", async () => {
  stack = await startStack();
  const { key } = await stack.deploy(
    {
      "index.js": `${OK}exports.handler = async (event, context) => {
        const { hang } = event.queryStringParameters;
        await new Promise((resolve) => setTimeout(resolve, hang ? 1e9 : 2500));
        return ok("done");
      };`,
    },
    { concurrency: 10, timeoutSeconds: 3 },
  );
  stack.route(key, { path: "/" });
  const hanging = ask(`${stack.origin}/?hang=1`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const others = await Promise.all(Array.from({ length: 5 }, () => ask(`${stack?.origin}/`)));
  expect(others.map((answer) => answer.body)).toEqual(others.map(() => "done"));
  expect((await hanging).status).toBe(504);
  await eventually(() => stack?.scheduler.instances().length === 0);
});

test("a caller who leaves while waiting costs no run", async () => {
  stack = await startStack();
  const { key } = await stack.deploy({ "index.js": sleeping }, { maxInstances: 1 });
  stack.route(key, { path: "/" });
  await ask(`${stack.origin}/?n=warm`);
  const busy = ask(`${stack.origin}/?n=busy&ms=500`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const leaving = connect(stack.port, "127.0.0.1");
  leaving.write("GET /?n=gone HTTP/1.1\r\nHost: a\r\n\r\n");
  await new Promise((resolve) => setTimeout(resolve, 100));
  leaving.destroy();
  await busy;
  expect(told(await ask(`${stack.origin}/?n=last`)).order).toEqual(["warm", "busy", "last"]);
});

test("close lets running calls finish and refuses new ones", async () => {
  const own = await startStack();
  const { key } = await own.deploy({ "index.js": sleeping });
  own.route(key, { path: "/" });
  await ask(`${own.origin}/?n=warm`);
  const running = ask(`${own.origin}/?n=running&ms=400`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const disposed = own[Symbol.asyncDispose]();
  expect((await running).status).toBe(200);
  await disposed;
  await expect(ask(`${own.origin}/`)).rejects.toThrow("ECONNREFUSED");
});
