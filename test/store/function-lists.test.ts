import * as fc from "fast-check";
import { expect, test } from "vitest";

import { CODE, KEY, spec, temporaryStore } from "./fixtures.ts";

const steps = fc.array(
  fc.tuple(
    fc.constantFrom("create", "create", "update", "delete", "pin", "unpin", "list"),
    fc.constantFrom("default", "other"),
    fc.constantFrom("a", "b", "B", "c", "d0", "d1", "e"),
  ),
  { maxLength: 40 },
);

test("a list holds what single reads find, in its order, after any changes", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      using it = await temporaryStore();
      const { functions } = it.store;
      const pinned = new Map<string, boolean>();
      for (const [what, inPackage, name] of sequence) {
        const key = { ...KEY, package: inPackage, name };
        const text = `${inPackage} ${name}`;
        const known = functions.find(key);
        if (what === "list") functions.page(KEY.projectId, {});
        else if (what === "create" && known === undefined) {
          functions.create({ key, spec: spec({ name, package: inPackage }), code: CODE });
          pinned.set(text, false);
        } else if (what === "update" && known !== undefined) functions.update(key, known.revision, {});
        else if (what === "delete") {
          functions.delete(key);
          pinned.delete(text);
        } else if (known !== undefined) {
          functions.pin(key, what === "pin");
          pinned.set(text, what === "pin");
        }
      }
      const rank = (text: string): string => `${pinned.get(text) === true ? 0 : 1} ${text}`;
      const wanted = [...pinned.keys()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
      const { records, count } = functions.page(KEY.projectId, {});
      expect(records.map(({ key }) => `${key.package} ${key.name}`)).toEqual(wanted);
      expect(count).toBe(wanted.length);
      for (const record of records) expect(record).toEqual(functions.find(record.key));
    }),
    { numRuns: 60 },
  );
});

test("more changes than are followed one by one are in the list too", async () => {
  using it = await temporaryStore();
  const { functions } = it.store;
  functions.page(KEY.projectId, {});
  for (let at = 0; at < 150; at++)
    functions.create({ key: { ...KEY, name: `f${at}` }, spec: spec({ name: `f${at}` }), code: CODE });
  expect(functions.page(KEY.projectId, { limit: 10, offset: 145 })).toMatchObject({ count: 150 });
  expect(functions.page(KEY.projectId, { limit: 10, offset: 145 }).records).toHaveLength(5);
});
