import { expect, test } from "vitest";
import { Runtime } from "../../components/runtime.ts";
import { RUNTIMES } from "../../model/runtimes.ts";

test("every runtime of the service has a name here, and no other", () => {
  expect(Object.values(Runtime).sort()).toEqual(RUNTIMES.map(({ name }) => name).sort());
});
