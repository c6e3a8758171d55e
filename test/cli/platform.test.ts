import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Command, descendants, emptyFolder, fungraph, survivors } from "./command.ts";

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

  test("a port that is none is the user's mistake, said in one sentence", async () => {
    await using place = await emptyFolder();
    for (const port of ["99999", "abc"]) {
      const { code, stderr } = await fungraph(["platform", "start", "--port", port], { cwd: place.folder });
      expect(stderr).toContain("Give a whole number from 0 to 65535");
      expect(stderr).not.toContain("    at ");
      expect(code).toBe(1);
    }
  });

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
