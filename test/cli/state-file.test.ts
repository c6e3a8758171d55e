import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StateFile, type ResourceState } from "../../cli/apply/state-file.ts";
import { UserError } from "../../cli/exit.ts";
import { emptyFolder } from "./command.ts";

function resource(name: string, dependencies: readonly string[] = []): ResourceState {
  return {
    urn: `urn:${name}`,
    type: "t",
    name,
    id: name,
    state: { name },
    secrets: [],
    dependencies: [...dependencies],
  };
}

test("a change is on disk when its promise resolves, however many come at once", async () => {
  await using place = await emptyFolder();
  const path = join(place.folder, "state.json");
  const file = await StateFile.open(path);
  const names = Array.from({ length: 200 }, (_, index) => `r${index}`);
  await Promise.all(names.map((name) => file.put(resource(name))));
  const again = await StateFile.open(path);
  expect(again.resources().map((each) => each.name)).toEqual(names);
});

test("a replaced resource is remembered until it is deleted", async () => {
  await using place = await emptyFolder();
  const path = join(place.folder, "state.json");
  const file = await StateFile.open(path);
  await file.put(resource("a"));
  await file.supersede({ ...resource("a"), id: "a2" });
  const again = await StateFile.open(path);
  expect(again.find("urn:a")?.id).toBe("a2");
  expect(again.superseded().map((each) => each.id)).toEqual(["a"]);
  for (const old of again.superseded()) await again.delete(old);
  expect((await StateFile.open(path)).superseded()).toEqual([]);
  expect((await StateFile.open(path)).find("urn:a")?.id).toBe("a2");
});

test("fails on a file that is not one, without touching it", async () => {
  await using place = await emptyFolder();
  const path = join(place.folder, "state.json");
  await writeFile(path, '{"version":99}');
  await expect(StateFile.open(path)).rejects.toThrow(UserError);
  expect(await readFile(path, "utf8")).toBe('{"version":99}');
});
