import { readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Command, descendants, fixture, fungraph, isAlive, survivors } from "./command.ts";

const MINUTES = { timeout: 180_000 };

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

describe("dev --exit", MINUTES, () => {
  test("deploys, tries every expectation, saves the answer and exits 0; again, nothing changes", async () => {
    await using app = await fixture("greeting-app");
    const first = await fungraph(["dev", app.folder, "--port", "0", "--try", "--exit"]);
    expect(first.stdout).toContain("4 of 4 answers right");
    expect(first.stdout).toMatch(/Function +greeting +\+ created/);
    expect(first.stdout).toMatch(/curl -sS .*http:\/\/127\.0\.0\.1:\d+\/hello/);
    expect(first.code).toBe(0);
    expect(await readFile(join(app.folder, "out", "hello.txt"), "utf8")).toBe("Hello, web!");

    const again = await fungraph(["dev", app.folder, "--port", "0", "--exit"]);
    expect(again.stdout).toMatch(/Function +greeting +\S+ unchanged/);
    expect(again.stdout).not.toMatch(/created|updated|deleted/);
    expect(again.code).toBe(0);
    expect(await readdir(join(app.folder, ".fungraph"))).not.toContain("connection.json");
  });

  test("a version that another one shares stays when its maker goes, and goes with its heir", async () => {
    await using app = await fixture("greeting-app");
    const program = join(app.folder, "index.ts");
    const apply = async (): Promise<readonly string[]> => {
      await using dev = new Command(["dev", app.folder, "--port", "0"]);
      await dev.says(/Serving\./);
      const listed = await fungraph(["ls", "--json"], { cwd: app.folder });
      return (JSON.parse(listed.stdout) as { versions: string[] }[])[0]?.versions ?? [];
    };
    const named = 'greeting.publish("release", { versionName: "release" });\n';
    const current = 'const current = greeting.publish("current");';
    await edit(program, current, named + current);
    expect(await apply()).toContain("release");
    await edit(program, named, "");
    expect(await apply()).toContain("release");
    await edit(program, current, 'const current = { version: "latest" };');
    expect(await apply()).not.toContain("release");
  });

  test("keeps secrets out of the state file, which only its owner can read", async () => {
    await using app = await fixture("greeting-app");
    await fungraph(["dev", app.folder, "--port", "0", "--exit"]);
    const path = join(app.folder, ".fungraph", "state.json");
    expect(await readFile(path, "utf8")).not.toContain("correct horse");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("exits 1 when an answer is wrong, and says in what", async () => {
    await using app = await fixture("greeting-app");
    await edit(join(app.folder, "expect.json"), "Hello, Ada!", "Goodbye, Ada!");
    const { code, stdout } = await fungraph(["dev", app.folder, "--port", "0", "--try", "--exit"]);
    expect(stdout).toContain('result is {"text":"Hello, Ada!"}, expected {"text":"Goodbye, Ada!"}');
    expect(stdout).toContain("3 of 4 answers right");
    expect(code).toBe(1);
  });

  test("exits 1 on a program with a mistake and on missing or malformed expectations", async () => {
    await using app = await fixture("greeting-app");
    await writeFile(join(app.folder, "expect.json"), `{ "steps": [{ "name": "x", "expect": {} }] }`);
    const malformed = await fungraph(["dev", app.folder, "--port", "0", "--try", "--exit"]);
    await rm(join(app.folder, "expect.json"));
    const missing = await fungraph(["dev", app.folder, "--port", "0", "--try", "--exit"]);
    await writeFile(join(app.folder, "index.ts"), "const a = ;");
    const broken = await fungraph(["dev", app.folder, "--port", "0", "--exit"]);
    expect(malformed.stderr).toContain('exactly one of "http", "invoke" and "invokeAsync"');
    expect(missing.stderr).toContain("there is no such file");
    expect(broken.stderr).toContain("SyntaxError");
    expect([malformed.code, missing.code, broken.code]).toEqual([1, 1, 1]);
  });

  test("finishes what a killed run began", async () => {
    await using app = await fixture("greeting-app");
    const killed = new Command(["dev", app.folder, "--port", "0", "--exit"]);
    const pid = await servingProcess(app.folder);
    process.kill(pid, "SIGKILL");
    await killed.finished;
    const { code, stdout } = await fungraph(["dev", app.folder, "--port", "0", "--try", "--exit"]);
    expect(stdout).toContain("4 of 4 answers right");
    expect(code).toBe(0);
    const state = JSON.parse(await readFile(join(app.folder, ".fungraph", "state.json"), "utf8")) as {
      resources: unknown[];
    };
    expect(state.resources).toHaveLength(4);
  });
});

describe("dev", MINUTES, () => {
  test("applies saved changes, keeps serving through a broken one, and stops cleanly on Ctrl-C", async () => {
    await using app = await fixture("greeting-app");
    await using dev = new Command(["dev", app.folder, "--port", "0"]);
    const [, url = ""] = await dev.says(/GET +(http:\S+)/);
    await dev.says(/Serving\./);
    expect(await answerOf(url)).toBe("Hello, web!");

    let from = dev.stdout.length;
    await edit(join(app.folder, "functions/greeting/index.js"), '"web"}!`', '"web"}!!`');
    await dev.says(/updated Function greeting \(code/, from);
    await dev.says(/Applied in/, from);
    expect(await answerOf(url)).toBe("Hello, web!!");

    from = dev.stdout.length;
    const program = join(app.folder, "index.ts");
    const whole = await readFile(program, "utf8");
    await writeFile(program, `${whole}\nconst broken = ;\n`);
    await dev.says(/What was deployed before keeps serving/);
    expect(await answerOf(url)).toBe("Hello, web!!");

    await writeFile(
      program,
      whole.replace(
        "export const url",
        'new fg.Function("second", { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./functions/greeting" });\nexport const url',
      ),
    );
    await dev.says(/created Function second/, from);
    await dev.says(/Applied in/, from);

    from = dev.stdout.length;
    await writeFile(program, whole);
    await dev.says(/deleted Function second/, from);
    const listed = await fungraph(["ls", "--json"], { cwd: app.folder });
    expect((JSON.parse(listed.stdout) as { name: string }[]).map((each) => each.name)).toEqual(["greeting"]);

    const pid = await servingProcess(app.folder);
    const below = await descendants(pid);
    process.kill(pid, "SIGINT");
    const { code } = await dev.finished;
    expect(code).toBe(0);
    expect(await survivors([pid, ...below])).toEqual([]);
  });

  test("a second session on the same folder refuses in one sentence, and the first goes on", async () => {
    await using app = await fixture("greeting-app");
    await using dev = new Command(["dev", app.folder, "--port", "0"]);
    await dev.says(/Serving\./);
    const pid = await servingProcess(app.folder);
    const second = await fungraph(["dev", app.folder, "--port", "0"]);
    expect(second.stderr).toMatch(
      new RegExp(
        `^✗ A platform already works in .*: process ${pid}, http.* Stop it, or use another folder with --data\\.\n$`,
      ),
    );
    expect([second.code, second.stdout]).toEqual([1, ""]);
    expect(await fungraph(["invoke", "greeting"], { cwd: app.folder })).toMatchObject({ code: 0 });
  });

  test("finishes the call that runs when it is stopped", async () => {
    await using app = await fixture("greeting-app");
    await writeFile(
      join(app.folder, "functions/greeting/index.js"),
      `exports.handler = async (event, context) => { await new Promise((go) => setTimeout(go, 1500)); return { text: "done" }; };`,
    );
    await using dev = new Command(["dev", app.folder, "--port", "0"]);
    await dev.says(/Serving\./);
    const invoked = fungraph(["invoke", "greeting"], { cwd: app.folder });
    const pid = await servingProcess(app.folder);
    await busy(app.folder);
    process.kill(pid, "SIGINT");
    expect(await invoked).toMatchObject({ code: 0, stdout: '{"text":"done"}\n' });
    expect((await dev.finished).code).toBe(0);
  });

  test("ends with its launcher, even when that is killed", async () => {
    await using app = await fixture("greeting-app");
    await using dev = new Command(["dev", app.folder, "--port", "0"]);
    await dev.says(/Serving\./);
    const pid = await servingProcess(app.folder);
    const below = await descendants(pid);
    expect(isAlive(pid)).toBe(true);
    dev.child.kill("SIGKILL");
    expect(await survivors([pid, ...below])).toEqual([]);
  });

  test("refuses a folder that another one serves, and keys of a platform that is gone", async () => {
    await using app = await fixture("greeting-app");
    await using dev = new Command(["dev", app.folder, "--port", "0"]);
    await dev.says(/Serving\./);
    const second = await fungraph(["dev", app.folder, "--port", "0", "--exit"]);
    expect(second.stderr).toContain("A platform already works in");
    expect(second.code).toBe(1);

    process.kill(await servingProcess(app.folder), "SIGKILL");
    await dev.finished;
    const stale = await fungraph(["ls"], { cwd: app.folder });
    expect(stale.stderr).toContain("is stale");
    expect(stale.code).toBe(1);
  });
});

describe("commands beside a running dev", MINUTES, () => {
  test("invoke, logs, ls and metrics find it and answer", async () => {
    await using app = await fixture("greeting-app");
    await using dev = new Command(["dev", app.folder, "--port", "0"]);
    await dev.says(/Serving\./);
    const at = { cwd: join(app.folder, "functions") };

    const plain = await fungraph(["invoke", "greeting", "--event", '{"name":"Ada"}', "--log"], at);
    expect(plain).toMatchObject({ code: 0, stdout: '{"text":"Hello, Ada!"}\n' });
    expect(plain.stderr).toContain("greeting Ada");
    const piped = await fungraph(["invoke", "greeting", "--event", "-", "--qualifier", "prod"], {
      ...at,
      input: '{"name":"Alan"}',
    });
    expect(piped).toMatchObject({ code: 0, stdout: '{"text":"Hello, Alan!"}\n' });
    const sample = await fungraph(["invoke", "greeting", "--template", "apig"], at);
    expect(sample).toMatchObject({ code: 0, stdout: expect.stringContaining('"statusCode":200') });
    const failed = await fungraph(["invoke", "greeting", "--event", '{"name":"nobody"}'], at);
    expect(failed.stdout).toContain("there is nobody");
    expect(failed.code).toBe(1);
    const unknown = await fungraph(["invoke", "nothing"], at);
    expect(unknown.stderr).toContain("FSS.1051");
    expect(unknown.code).toBe(1);

    await using follow = new Command(["logs", "greeting", "-f", "--json", "--grep", "greeting Grace"], at);
    const later = await fungraph(["invoke", "greeting", "--event", '{"name":"Grace"}', "--async"], at);
    expect(later.stdout).toMatch(/^[\w-]+\n$/);
    await follow.says(/greeting Grace/);
    const request = await fungraph(
      ["logs", "greeting", "--request", later.stdout.trim(), "--since", "10m"],
      at,
    );
    expect(request.stdout).toContain("greeting Grace");
    expect(request.stdout).not.toContain("greeting Ada");

    const list = await fungraph(["ls"], at);
    expect(list.stdout).toMatch(/greeting +Node\.js20\.15 +128 MB +\d+ .*latest.*prod → v\d+-\d+.*GET http/);
    const metrics = JSON.parse((await fungraph(["metrics", "greeting", "--json"], at)).stdout) as {
      count: number;
    }[];
    expect(metrics.reduce((sum, point) => sum + point.count, 0)).toBeGreaterThanOrEqual(4);
  });
});

/** The process behind a running command, by what it leaves in its data folder. */
async function servingProcess(folder: string): Promise<number> {
  for (;;) {
    const text = await readFile(join(folder, ".fungraph", "connection.json"), "utf8").catch(() => "");
    if (text !== "") return (JSON.parse(text) as { pid: number }).pid;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until an instance works on a request. */
async function busy(folder: string): Promise<void> {
  for (;;) {
    const { stdout } = await fungraph(["ls", "--json"], { cwd: folder });
    if ((JSON.parse(stdout) as { instances: number }[]).some((each) => each.instances > 0)) return;
  }
}

async function answerOf(url: string): Promise<string> {
  const reply = await fetch(url);
  return await reply.text();
}
