import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agencyLogic } from "../../provider/agency.ts";
import { TestPlatform } from "./platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await TestPlatform.start();
});
afterAll(() => platform[Symbol.asyncDispose]());

const CALLER = { name: "caller", role: "FunctionGraph CommonOperations" } as const;

describe("an agency", () => {
  test("is made, read, taken over, given another role and deleted", async () => {
    const { context } = platform;
    const made = await agencyLogic.create(context, CALLER);
    expect(made).toEqual({ id: "caller", state: { ...CALLER, agencyName: "caller" } });
    expect(await agencyLogic.create(context, CALLER)).toEqual(made);
    expect(await agencyLogic.read(context, "caller", {})).toEqual(made);

    const next = { ...CALLER, role: "FunctionGraph FullAccess" } as const;
    await expect(agencyLogic.create(context, next)).rejects.toThrow("Choose another agencyName");
    expect(agencyLogic.diff(CALLER, next).changes).toEqual([{ property: "role", kind: "update" }]);
    await agencyLogic.update(context, "caller", made.state, next);
    expect((await agencyLogic.read(context, "caller", {}))?.state).toMatchObject(next);

    await agencyLogic.delete(context, "caller", made.state);
    expect(await agencyLogic.read(context, "caller", {})).toBeUndefined();
    await agencyLogic.delete(context, "caller", made.state);
  });

  test("another name makes another one", () => {
    expect(agencyLogic.diff(CALLER, { ...CALLER, name: "other" })).toMatchObject({ replace: ["name"] });
  });

  test("fails with every fault at once", () => {
    const { faults } = agencyLogic.check({ name: "a b", role: "Admin" });
    expect(faults.map(({ property }) => property)).toEqual(["name", "role"]);
  });

  test("lends its keys to a function that names it", async () => {
    const { context, client } = platform;
    await agencyLogic.create(context, CALLER);
    const given = await platform.function("acting", "one", { executionAgency: "caller" });
    await platform.create(given);
    expect((await client.functions.get("acting")).spec.executionAgency).toBe("caller");
    expect(await platform.call(platform.urn("acting"))).toEqual({ text: "one" });
  });
});
