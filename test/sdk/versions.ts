import { expect, test } from "vitest";

import { packed, saying, type Stage } from "./stage.ts";

/** Versions and aliases. */
export function versions(stage: () => Stage): void {
  test("versions keep their code; aliases lead to them, move and go", async () => {
    const one = stage();
    await one.deploy("released", saying("old"));
    const urn = one.urn("released");
    const publish = (version: string) =>
      one.call("CreateFunctionVersion", { function_urn: urn, body: { version, description: version } });
    await publish("v1");
    const code = { code_type: "zip", func_code: { file: await packed(saying("new")) } };
    await one.call("UpdateFunctionCode", { function_urn: urn, body: code });
    await publish("v2");
    expect(await one.invoke(one.urn("released", "v1"))).toEqual({ word: "old" });
    const listed = await one.call("ListFunctionVersions", { function_urn: urn });
    expect(listed["versions"]?.map((item) => item["version"])).toEqual(["latest", "v2", "v1"]);

    const alias = { function_urn: urn, alias_name: "prod" };
    await one.call("CreateVersionAlias", { function_urn: urn, body: { name: "prod", version: "v1" } });
    expect(await one.invoke(one.urn("released", "!prod"))).toEqual({ word: "old" });
    await one.call("UpdateVersionAlias", { ...alias, body: { version: "v2", description: "moved" } });
    expect(await one.invoke(one.urn("released", "!prod"))).toEqual({ word: "new" });
    const shown = await one.call("ShowVersionAlias", alias);
    expect(shown).toMatchObject({ name: "prod", version: "v2", description: "moved" });
    expect(await one.call("ListVersionAliases", { function_urn: urn })).toMatchObject([{ name: "prod" }]);
    await one.call("DeleteVersionAlias", alias);
    expect(await one.call("ListVersionAliases", { function_urn: urn })).toEqual([]);
    expect(await one.refused("ShowVersionAlias", alias)).toMatch(/^FSS\.\d{4}$/);
    one.shows({
      CreateFunctionVersion: "goes on answering with its code after latest has changed",
      ListFunctionVersions: "lists latest and what was published, newest first",
      CreateVersionAlias: "calls by the alias reach its version",
      UpdateVersionAlias: "calls by the alias reach the other version",
      ShowVersionAlias: "shows where the alias was moved to",
      ListVersionAliases: "lists an alias until it is deleted",
      DeleteVersionAlias: "is gone from the list and cannot be shown",
    });
  });
}
