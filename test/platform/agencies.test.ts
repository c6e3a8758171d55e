import { expect, test } from "vitest";
import { sign } from "../../model/signature.ts";
import { dataFolder, type PlatformProcess } from "./support.ts";

const TELL = `exports.handler = async (event, context) => ({
  accessKey: context.getAccessKey(),
  secretKey: context.getSecretKey(),
  securityAccessKey: context.getSecurityAccessKey(),
  securitySecretKey: context.getSecuritySecretKey(),
  securityToken: context.getSecurityToken(),
  token: context.getToken(),
});`;

type Lent = Record<
  "accessKey" | "secretKey" | "securityAccessKey" | "securitySecretKey" | "securityToken" | "token",
  string
>;

/** The platform's answer to whoever asks with these headers, signed with the pair if there is one. */
async function ask(
  { facts }: PlatformProcess,
  what: { readonly method?: string; readonly headers?: Record<string, string> },
  pair?: { readonly accessKey: string; readonly secretKey: string },
): Promise<number> {
  const { method = "GET", headers: given = {} } = what;
  const path = `/v2/${facts.projectId}/fgs/functions`;
  const body = Buffer.from(method === "GET" ? "" : "{}");
  const headers = { host: new URL(facts.endpoint).host, ...given };
  const signature = pair && sign({ method, path, query: "", headers, body }, pair);
  const sent = { ...given, ...signature };
  const reply = await fetch(facts.endpoint + path, {
    method,
    headers: sent,
    ...(method === "GET" ? {} : { body }),
  });
  await reply.arrayBuffer();
  return reply.status;
}

async function lent(platform: PlatformProcess, name: string): Promise<Lent> {
  const reply = await platform.client.invocations.invoke(name, "{}");
  return JSON.parse(reply.result.toString()) as Lent;
}

test("a function acts in the role of its agency, by key pair, temporary pair and token, until the agency goes", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  const path = `/fungraph/v1/projects/${platform.facts.projectId}/agencies`;
  const made = {
    method: "POST",
    path,
    body: { name: "reader", role: "FunctionGraph ReadOnlyAccess" },
  } as const;
  expect(await platform.transport.json(made, (body) => body)).toEqual(made.body);
  await platform.deploy("tell", TELL, { executionAgency: "reader" });
  const keys = await lent(platform, "tell");

  const { accessKey, secretKey, token } = keys;
  const temporary = { accessKey: keys.securityAccessKey, secretKey: keys.securitySecretKey };
  const along = { "x-security-token": keys.securityToken };
  expect(await ask(platform, {}, { accessKey, secretKey })).toBe(200);
  expect(await ask(platform, { headers: along }, temporary)).toBe(200);
  expect(await ask(platform, { headers: { "x-auth-token": token } })).toBe(200);
  // The role may look, and nothing else.
  expect(await ask(platform, { method: "POST" }, { accessKey, secretKey })).toBe(403);
  expect(await ask(platform, { method: "POST", headers: { "x-auth-token": token } })).toBe(403);
  // No part opens what belongs to another.
  expect(await ask(platform, {}, temporary)).toBe(401);
  expect(await ask(platform, { headers: along }, { accessKey, secretKey })).toBe(401);
  expect(await ask(platform, { headers: along }, { ...temporary, secretKey })).toBe(401);
  expect(await ask(platform, { headers: { "x-auth-token": keys.securityToken } })).toBe(401);
  expect(await ask(platform, { headers: { "x-auth-token": accessKey } })).toBe(401);
  expect(await ask(platform, {}, { accessKey: token, secretKey })).toBe(401);

  await platform.transport.send({ method: "DELETE", path: `${path}/reader` });
  expect(await ask(platform, {}, { accessKey, secretKey })).toBe(401);
  expect(await ask(platform, { headers: along }, temporary)).toBe(401);
  expect(await ask(platform, { headers: { "x-auth-token": token } })).toBe(401);
});

test("the configuration agency serves where no other is set; without one, or with one that is not there, all is empty", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  const path = `/fungraph/v1/projects/${platform.facts.projectId}/agencies`;
  const body = { name: "keeper", role: "FunctionGraph FullAccess" };
  await platform.transport.send({ method: "POST", path, body });
  await platform.deploy("both", TELL, { configurationAgency: "keeper" });
  await platform.deploy("none", TELL);
  await platform.deploy("gone", TELL, { executionAgency: "nobody", configurationAgency: "keeper" });
  expect(Object.values(await lent(platform, "both")).every((text) => text.length >= 20)).toBe(true);
  for (const name of ["none", "gone"])
    expect(Object.values(await lent(platform, name))).toEqual(["", "", "", "", "", ""]);
  const agencies = `/v2/${platform.facts.projectId}/fgs/service-trusted-agencies`;
  const { body: listed } = await platform.transport.send({ method: "GET", path: agencies });
  expect(JSON.parse(listed.toString())).toEqual([{ name: "keeper", expire_time: "" }]);
});
