import { expect, test } from "vitest";

import { Identities } from "../../platform/auth/identities.ts";
import { AuthRefusal } from "../../platform/auth/refusal.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import { TemporaryFolder, temporaryStore } from "../store/fixtures.ts";

const ROLE = "FunctionGraph CommonOperations";
const DAY_MS = 24 * 3_600_000;

async function withUser(identities: Identities) {
  const project = identities.projects.create("team");
  const grants = [{ projectId: project.id, role: ROLE } as const];
  const user = await identities.users.put({
    name: "ann",
    password: "12345678",
    grants,
    administrator: false,
  });
  return { project, user };
}

test("a token is good for a day and outlives a restart", async () => {
  using folder = new TemporaryFolder();
  const clock = { now: 1_000_000 };
  const first = await openStore(folder.path);
  const before = new Identities(first, () => clock.now);
  const { project, user } = await withUser(before);
  const { token, expiresAt } = before.tokens.ofUser(user, project.id);
  expect(expiresAt).toBe(clock.now + DAY_MS);
  first.close();

  const second = await openStore(folder.path);
  const { tokens, users } = new Identities(second, () => clock.now);
  const principal = { name: "ann", projectId: project.id, projectName: "team", role: ROLE };
  expect(tokens.principal(token)).toMatchObject({ ...principal, administrator: false });
  expect(await users.signIn("ann", "12345678")).toMatchObject({ name: "ann" });
  clock.now = expiresAt;
  expect(tokens.principal(token)).toMatchObject({ status: 401, code: "FSS.0402" });
  second.close();
});

test("fails for what another platform sealed, what was cut, and what is no token at all", async () => {
  using one = await temporaryStore();
  using other = await temporaryStore();
  const { tokens, ...identities } = new Identities(one.store);
  const { token } = tokens.ofKey(
    identities.credentials.list(identities.credentials.default.projectId)[0] as never,
  );
  expect(tokens.principal(token)).not.toBeInstanceOf(AuthRefusal);
  expect(new Identities(other.store).tokens.principal(token)).toMatchObject({ code: "FSS.0401" });
  for (const bad of [token.slice(1), token.slice(0, -4), "", "!", "x".repeat(100_000)])
    expect(tokens.principal(bad)).toMatchObject({ code: "FSS.0401" });
});

test("five wrong passwords lock a user for a minute, even with the right one", async () => {
  using temporary = await temporaryStore();
  const clock = { now: 1_000_000 };
  const { users, ...identities } = new Identities(temporary.store, () => clock.now);
  await withUser({ users, ...identities });
  for (let count = 0; count < 5; count += 1)
    expect(await users.signIn("ann", "wrong")).toBeInstanceOf(AuthRefusal);
  expect(await users.signIn("ann", "12345678")).toBeInstanceOf(AuthRefusal);
  clock.now += 60_000;
  expect(await users.signIn("ann", "12345678")).toMatchObject({ name: "ann" });
});
