import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Engine } from "php-parser";
import { beforeAll, describe, expect, test } from "vitest";
import type { RuntimeFailure } from "../../platform/link/runtime-failure.ts";
import { runs } from "../platform/support.ts";
import { startInstance, type Ended, type LoadChanges, type TestInstance } from "./instance.ts";
import { IMAGES, type Subject } from "./languages/language.ts";
import { php } from "./languages/php.ts";

const SOURCES = join(IMAGES, "php");
const { found } = await php.subjects();

test.each(["bootstrap.php", ...readdirSync(join(SOURCES, "src")).map((name) => `src/${name}`)])(
  "%s parses with PHP 7.3",
  (name) => {
    const parser = new Engine({ parser: { version: "7.3", suppressErrors: false } });
    expect(parser.parseCode(readFileSync(join(SOURCES, name), "utf8"), name).errors).toEqual([]);
  },
);

describe.skipIf(found.length === 0)("a PHP instance", () => {
  let subject: Subject;
  beforeAll(() => {
    subject = found[0] as Subject;
  });

  async function start(code: string, changes: LoadChanges = {}): Promise<TestInstance> {
    await using failing = new AsyncDisposableStack();
    const instance = failing.use(await startInstance(php, subject));
    await writeFile(join(instance.codeRoot, "index.php"), `<?php\n${code}`);
    await instance.load(changes);
    failing.move();
    return instance;
  }

  test("logs what PHP warns of, with its place; what is suppressed is not", async () => {
    await using instance = await start(
      handler("echo @$event->none; echo $event->none; trigger_error('mind', E_USER_NOTICE); return 1;"),
    );
    const end = await instance.invoke("{}");
    expect(end.logs).toEqual([
      "PHP Warning:  Undefined property: stdClass::$none in ./index.php on line 2",
      "PHP Notice:  mind in ./index.php on line 2",
    ]);
    expect(end.levels).toEqual([3, 3]);
  });

  test("answers LOAD with what PHP cannot recover from", async () => {
    await using instance = await startInstance(php, subject);
    await writeFile(join(instance.codeRoot, "index.php"), "<?php\nfunction f() {} function f() {}");
    const failure = await instance.load().catch((error: RuntimeFailure) => error);
    expect(JSON.parse(String(failure?.body))).toMatchObject({
      errorMessage: expect.stringContaining("entry exception, error: Cannot redeclare f()") as string,
      errorType: "FatalError",
      stackTrace: ["thrown in ./index.php on line 2"],
    });
    expect(await instance.exited).toBe(255);
  });

  test("nesting of any depth ends no instance", async () => {
    await using instance = await start(
      handler("if (!is_int($event)) return $event; $r = null; while ($event-- > 0) $r = [$r]; return $r;"),
    );
    expect((await instance.invoke(nested(500))).text).toBe(nested(500));
    expect(await instance.invoke(nested(200_000))).toMatchObject({ kind: "code" });
    expect(await instance.invoke("20000")).toMatchObject({ kind: "not-serialisable" });
    expect((await instance.invoke("500")).text).toBe(nested(500));
  });

  test("keeps globals of the code from request to request", async () => {
    await using instance = await start(`$seen = 0;\n${handler("global $seen; return ++$seen;")}`);
    expect([(await instance.invoke("1")).text, (await instance.invoke("1")).text]).toEqual(["1", "2"]);
  });

  test("catches output again when code has ended all output buffers, and flushes those it left open", async () => {
    await using instance = await start(
      handler("while (ob_get_level()) { ob_end_clean(); } ob_start(); ob_start(); echo $event; return 1;"),
    );
    await instance.invoke('"lost"');
    const end = await instance.invoke('"kept"');
    expect([end.text, end.logs]).toEqual(["1", []]);
    await using other = await start(handler("ob_start(); ob_start(); echo $event; return 1;"));
    expect((await other.invoke('"kept"')).logs).toEqual(["kept"]);
  });

  test("runs as many requests at once as its concurrency says, and keeps them apart", async () => {
    // Each waits until all four have come.
    const meet =
      "touch(__DIR__ . \"/$event\"); while (count(glob(__DIR__ . '/[0-9]')) < 4) { usleep(1000); }";
    await using instance = await start(
      handler(`${meet} echo $event; return [getmypid(), $context->getRequestID(), mt_rand(), uniqid()];`),
      { concurrency: 4 },
    );
    const ends = await together(instance, 4);
    const values = ends.map((end) => JSON.parse(end.text) as unknown[]);
    // Processes of their own, requests of their own, and randomness that forks do not share.
    for (const column of [0, 1, 2, 3])
      expect(new Set(values.map((row) => row[column])).size).toBe(values.length);
    expect(ends.map(({ logs }) => logs)).toEqual([["0"], ["1"], ["2"], ["3"]]);
    const later = await together(instance, 12);
    const processes = new Set(later.map((end) => (JSON.parse(end.text) as unknown[])[0]));
    expect(processes.size).toBe(4);
  });

  test("runs the initializer before the first request of each of its processes", async () => {
    await using instance = await start(
      `function init($context) { global $ready; $ready = getmypid(); }\n${handler("global $ready; usleep(100000); return $ready === getmypid();")}`,
      { concurrency: 3, initializer: { handler: "index.init", timeoutSeconds: 3 } },
    );
    await instance.link.init(3_000);
    expect((await together(instance, 6)).map(({ text }) => text)).toEqual(Array(6).fill("true"));
  });

  test("goes on with the processes it has when the code does not load in a further one", async () => {
    await using instance = await start(
      `if (file_exists(__DIR__ . '/once')) { throw new Exception('busy'); }\ntouch(__DIR__ . '/once');\n${handler("usleep(20000); return 1;")}`,
      { concurrency: 5 },
    );
    expect((await together(instance, 10)).map(({ kind }) => kind)).toEqual(Array(10).fill("ok"));
    expect(instance.instanceLogs.join("\n")).toContain("Exception: busy");
  });

  test.each([
    ["exit(3)", 3, null],
    ["posix_kill(getmypid(), SIGKILL)", null, "SIGKILL"],
  ])("ends as a whole when one of its requests ends its process by %s", async (code, status, signal) => {
    await using instance = await start(handler(`if ($event === 1) { usleep(200000); ${code}; } sleep(20);`), {
      concurrency: 3,
    });
    const ends = await together(instance, 3);
    expect(ends.map(({ kind }) => kind)).toEqual(["crash", "crash", "crash"]);
    expect(await instance.ending).toEqual({ code: status, signal });
  });

  test("ends all its processes with the link, in the middle of requests", async () => {
    await using instance = await start(handler("echo getmypid(), PHP_EOL; while (true) { }"), {
      concurrency: 2,
    });
    const calls = together(instance, 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    instance.link.close();
    const processes = (await calls).flatMap(({ logs }) => logs.map(Number));
    expect(await instance.exited).toBe(0);
    expect(processes.length).toBe(2);
    await expect.poll(() => processes.filter(runs)).toEqual([]);
  });

  test("runs the pre-stop hook once, after the requests that run", async () => {
    await using instance = await start(
      `function stop($context) { echo "stopping\\n"; }\n${handler("usleep(200000); return 1;")}`,
      { concurrency: 3, preStop: { handler: "index.stop", timeoutSeconds: 3 } },
    );
    const calls = together(instance, 3);
    await instance.link.stop(3_000);
    expect((await calls).map(({ kind }) => kind)).toEqual(["ok", "ok", "ok"]);
    expect(await instance.exited).toBe(0);
    expect(instance.instanceLogs).toEqual(["stopping"]);
  });
});

function handler(body: string): string {
  return `function handler($event, $context) { ${body} }`;
}

function together(instance: TestInstance, count: number): Promise<Ended[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => instance.invoke(String(i))));
}

function nested(depth: number): string {
  return `${"[".repeat(depth)}null${"]".repeat(depth)}`;
}
