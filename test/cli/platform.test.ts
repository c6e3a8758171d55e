import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Command, descendants, emptyFolder, fungraph, survivors } from "./command.ts";
import { Terminal } from "./terminal.ts";

describe("platform start", { timeout: 180_000 }, () => {
  test("prints one JSON line when ready, serves, and stops cleanly on SIGTERM", async () => {
    await using place = await emptyFolder();
    const data = join(place.folder, "data");
    await using platform = new Command(["platform", "start", "--port", "0", "--data", data, "--json"]);
    await platform.says(/\}\n/);
    const line = JSON.parse(platform.stdout) as Record<string, string> & { pid: number };
    expect(platform.stdout.split("\n")).toHaveLength(2);
    expect(line).toMatchObject({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      projectId: expect.any(String) as string,
      accessKey: expect.any(String) as string,
      secretKey: expect.any(String) as string,
    });
    expect((await stat(join(data, "connection.json"))).mode & 0o777).toBe(0o600);

    const byFolder = await fungraph(["ls", "--json", "--data", data]);
    const { endpoint = "", projectId = "", accessKey = "", secretKey = "" } = line;
    const keys = {
      FUNGRAPH_PROJECT: projectId,
      FUNGRAPH_ACCESS_KEY: accessKey,
      FUNGRAPH_SECRET_KEY: secretKey,
    };
    const byEnvironment = await fungraph(["ls", "--json"], { env: { FUNGRAPH_ENDPOINT: endpoint, ...keys } });
    const wrong = await fungraph(["ls"], {
      env: { FUNGRAPH_ENDPOINT: endpoint, ...keys, FUNGRAPH_SECRET_KEY: "wrong" },
    });
    expect([byFolder.stdout, byEnvironment.stdout]).toEqual(["[]\n", "[]\n"]);
    expect(wrong.code).toBe(1);

    const taken = await fungraph([
      "platform",
      "start",
      "--port",
      new URL(endpoint).port,
      "--data",
      join(place.folder, "other"),
    ]);
    expect(taken.stderr).toContain("is taken");
    expect(taken.code).toBe(1);
    const second = await fungraph(["platform", "start", "--port", "0", "--data", data]);
    expect(second.stderr).toContain("A platform already works in");
    expect(second.code).toBe(1);

    const below = await descendants(line.pid);
    platform.child.kill("SIGTERM");
    expect((await platform.finished).code).toBe(0);
    expect(await survivors([line.pid, ...below])).toEqual([]);
    expect(await readdir(data)).not.toContain("connection.json");
  });

  test.each([
    [
      "--port",
      "99999",
      "--port 99999 is no port. Give a whole number from 0 to 65535; 0 takes any free one.",
    ],
    ["--port", "abc", "--port abc is no port. Give a whole number from 0 to 65535; 0 takes any free one."],
    ["--port", "", '--port "" is no port.'],
    ["--idle-seconds", "0", "--idle-seconds 0 is no number of seconds. Give a whole number from 1 to 86400."],
    ["--pool-size", "-1", "--pool-size -1 is no number of instances. Give a whole number from 0 to 100."],
    ["--public-url", "example.com", "--public-url example.com is no address without a path."],
    ["--time-zone", "Nowhere", '"Nowhere" is no time zone. Use an IANA name such as UTC or Asia/Shanghai.'],
    ["--database", "postgresql://h/db", "--database is for one of several processes. Add --role gateway"],
    ["--files", "files", "--files is for one of several processes. Add --role gateway"],
    ["--role", "gateway", "--role gateway makes this process one of several: name their PostgreSQL with"],
    ["--data", "/proc/nothing", "The data folder /proc/nothing/platform cannot be used: "],
  ])("%s %j is the user's mistake, said in one sentence", async (option, value, expected) => {
    await using place = await emptyFolder();
    const { code, stderr } = await fungraph(["platform", "start", `${option}=${value}`], {
      cwd: place.folder,
    });
    expect(stderr).toContain(`✗ ${expected}`);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(1);
  });

  test("heeds SIGINT that only the launcher gets, as a script sends it", async () => {
    await using place = await emptyFolder();
    await using platform = new Command(["platform", "start", "--port", "0"], { cwd: place.folder });
    await platform.says(/secret key/);
    platform.child.kill("SIGINT");
    const { code, stderr } = await platform.finished;
    expect(stderr).toContain("Stopping; what runs is finished first.");
    expect(code).toBe(0);
  });

  test("a signal during the start is heeded too", async () => {
    await using place = await emptyFolder();
    const platform = new Command(["platform", "start", "--port", "0"], { cwd: place.folder });
    await vi.waitUntil(() => existsSync(join(place.folder, ".fungraph")), { timeout: 20_000, interval: 5 });
    platform.child.kill("SIGTERM");
    expect((await platform.finished).code).toBe(0);
  });

  test.skipIf(!existsSync("/usr/bin/script"))(
    "Ctrl-C in a terminal stops it, once and in good order",
    async () => {
      await using place = await emptyFolder();
      const terminal = new Terminal(["platform", "start", "--port", "0"], place.folder);
      await terminal.shows(/Ctrl-C stops it/);
      terminal.type("\u0003");
      await terminal.ended;
      expect(terminal.text).toContain("Stopping; what runs is finished first.");
      expect(terminal.text).toMatch(/ended with 0\s*$/);
      expect(await readdir(join(place.folder, ".fungraph"))).not.toContain("connection.json");
    },
  );

  test("keeps its keys from one start to the next", async () => {
    await using place = await emptyFolder();
    const start = async () => {
      await using platform = new Command(["platform", "start", "--port", "0"], { cwd: place.folder });
      await platform.says(/secret key/);
      const connection = await readFile(join(place.folder, ".fungraph", "connection.json"), "utf8");
      const { projectId, accessKey, secretKey } = JSON.parse(connection) as Record<string, string>;
      return { projectId, accessKey, secretKey };
    };
    expect(await start()).toEqual(await start());
  });
});
