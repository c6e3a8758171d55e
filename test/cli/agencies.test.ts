import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Command, emptyFolder, fungraph } from "./command.ts";

describe("agencies", { timeout: 180_000 }, () => {
  test("are made, listed, given another role and deleted", async () => {
    await using place = await emptyFolder();
    const data = join(place.folder, "data");
    await using platform = new Command(["platform", "start", "--port", "0", "--data", data, "--json"]);
    await platform.says(/\}\n/);
    const agencies = (...args: string[]) => fungraph(["agencies", ...args, "--data", data]);

    expect(await agencies()).toMatchObject({ code: 0, stderr: "The project has no agencies.\n" });
    expect(await agencies("put", "caller", "FunctionGraph CommonOperations")).toMatchObject({ code: 0 });
    expect(JSON.parse((await agencies("--json")).stdout)).toEqual([
      { name: "caller", role: "FunctionGraph CommonOperations" },
    ]);
    await agencies("put", "caller", "FunctionGraph FullAccess");
    expect((await agencies()).stdout).toContain("caller  FunctionGraph FullAccess");

    const wrong = await agencies("put", "9", "Admin");
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('name: "9" — must start with a letter');
    expect(wrong.stderr).toContain('role: "Admin" — must be one of the roles FunctionGraph ReadOnlyAccess');

    expect(await agencies("delete", "caller")).toMatchObject({ code: 0 });
    const gone = await agencies("delete", "caller");
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain('The project has no agency "caller".');
  });
});
