import { expect, test } from "vitest";
import { AT_REST, type Live } from "../../platform/api/live.ts";
import { UnmadeError } from "../../platform/drivers/surroundings.ts";
import { TestApi, type Answer } from "./fixtures.ts";

const VPC = {
  name: "shop",
  range: "10.1.0.0/16",
  subnets: [
    { name: "front", range: "10.1.1.0/24" },
    { name: "back", range: "10.1.2.0/24" },
  ],
  zones: [{ name: "shop.internal", records: [{ name: "db", type: "A", values: ["10.1.2.5"] }] }],
};

const BANK = { ...VPC, range: "10.2.0.0/16", subnets: [{ name: "front", range: "10.2.1.0/24" }] };

function call(api: TestApi, method: string, path: string, body?: unknown): Promise<Answer> {
  return api.send(method, `/fungraph/v1/projects/${api.credential.projectId}${path}`, body);
}

/** A control plane whose surroundings take note, and refuse what they are told to. */
function surroundings(): {
  live: Live;
  arranged: () => number;
  refuse: (reason?: string | Error) => void;
  discarded: string[];
} {
  let [count, refusal] = [0, undefined as string | Error | undefined];
  const discarded: string[] = [];
  const arrange = async (): Promise<void> => {
    count += 1;
    if (refusal !== undefined) throw refusal instanceof Error ? refusal : new Error(refusal);
  };
  const discard = async (id: string): Promise<void> => void discarded.push(id);
  return {
    live: { ...AT_REST, surroundings: { arrange, discard } },
    arranged: () => count,
    refuse: (reason) => (refusal = reason),
    discarded,
  };
}

const mount = (id: unknown, path: string) => ({
  mount_type: "sfsTurbo",
  mount_resource: id,
  local_mount_path: path,
});

test("a VPC is made, shown, listed, changed and deleted, and each change is put in force", async () => {
  const around = surroundings();
  await using api = await TestApi.start({ live: around.live });
  const made = await call(api, "POST", "/vpcs", VPC);
  expect(made.status).toBe(201);
  const subnets = VPC.subnets.map((subnet) => ({ ...subnet, id: expect.stringMatching(/^[0-9a-f-]{36}$/) }));
  expect(made.body).toEqual({ ...VPC, id: expect.stringMatching(/^[0-9a-f-]{36}$/), subnets });
  const path = `/vpcs/${made.body["id"]}`;
  expect((await call(api, "GET", path)).body).toEqual(made.body);
  expect((await call(api, "GET", "/vpcs")).body).toEqual({ vpcs: [made.body] });

  const changed = await call(api, "PUT", path, { ...VPC, zones: [] });
  expect(changed).toMatchObject({ status: 200, body: { zones: [], subnets: made.body["subnets"] } });
  expect(around.arranged()).toBe(2);
  expect((await call(api, "DELETE", path)).status).toBe(204);
  expect(around.arranged()).toBe(3);
  expect((await call(api, "GET", path)).body).toMatchObject({ error_code: "FSS.0404" });
});

test("the same again under the same name is no second one, another is refused", async () => {
  await using api = await TestApi.start();
  const made = await call(api, "POST", "/vpcs", VPC);
  expect((await call(api, "POST", "/vpcs", VPC)).body).toEqual(made.body);
  const other = await call(api, "POST", "/vpcs", { ...VPC, zones: [] });
  expect(other).toMatchObject({ status: 409, body: { error_code: "FSS.0409" } });
});

test("what could not be made before keeps nobody else's from being made", async () => {
  const around = surroundings();
  await using api = await TestApi.start({ live: around.live });
  around.refuse(new UnmadeError(new Map([["another", "its addresses are taken."]])));
  const made = await call(api, "POST", "/vpcs", VPC);
  expect(made.status).toBe(201);
  const id = String(made.body["id"]);
  around.refuse(new UnmadeError(new Map([[id, "no image."]])));
  expect((await call(api, "POST", "/nat-gateways", { name: "way", vpc_id: id })).status).toBe(400);
  expect((await call(api, "POST", "/file-systems", { name: "files" })).status).toBe(201);
  around.refuse(new UnmadeError(new Map([["", "a scheduler does not answer."]])));
  expect((await call(api, "POST", "/file-systems", { name: "more" })).status).toBe(400);
});

test("what cannot be put in force leaves no trace", async () => {
  const around = surroundings();
  await using api = await TestApi.start({ live: around.live });
  around.refuse("the addresses are taken.");
  const refused = await call(api, "POST", "/vpcs", VPC);
  expect(refused).toMatchObject({ status: 400, body: { error_code: "FSS.0400" } });
  expect(refused.body["error_msg"]).toContain(
    'The VPC "shop" cannot be put in force: the addresses are taken.',
  );
  expect((await call(api, "GET", "/vpcs")).body).toEqual({ vpcs: [] });
  around.refuse(undefined);
  const made = await call(api, "POST", "/vpcs", VPC);
  around.refuse("no.");
  expect((await call(api, "PUT", `/vpcs/${made.body["id"]}`, { ...VPC, zones: [] })).status).toBe(400);
  expect((await call(api, "GET", `/vpcs/${made.body["id"]}`)).body).toEqual(made.body);
});

test("every fault of a VPC comes in one answer", async () => {
  await using api = await TestApi.start();
  const { status, body } = await call(api, "POST", "/vpcs", {
    name: "9",
    range: "10.1.0.1/16",
    subnets: [
      { name: "a", range: "192.168.0.0/24" },
      { name: "a", range: "192.168.0.0/25" },
    ],
    zones: [
      {
        name: "local",
        records: [
          { name: "www", type: "A", values: ["10.1.1.256"] },
          { name: "www", type: "CNAME", values: ["example.com"] },
          { name: "WWW\naddress", type: "A", values: ["10.1.1.1"] },
        ],
      },
    ],
  });
  expect(status).toBe(400);
  for (const property of [
    "name",
    "range",
    "subnets[1].range",
    "subnets[1].name",
    "zones[0].name",
    "zones[0].records[0].values",
    "zones[0].records[1].values",
    "zones[0].records[1].name",
    "zones[0].records[2].name",
  ])
    expect(body["error_msg"]).toContain(`${property}:`);
});

test("VPCs share no addresses, keep their range, and subnets that functions are in stay", async () => {
  await using api = await TestApi.start();
  const made = await call(api, "POST", "/vpcs", VPC);
  const [front, back] = made.body["subnets"] as unknown as { id: string }[];
  const inside = await call(api, "POST", "/vpcs", { ...VPC, name: "inside", range: "10.0.0.0/8" });
  expect(inside.body).toMatchObject({ error_code: "FSS.1036" });
  expect(inside.body["error_msg"]).toContain(
    "shares addresses with another VPC of this platform (10.1.0.0/16)",
  );
  const path = `/vpcs/${made.body["id"]}`;
  const moved = await call(api, "PUT", path, { ...VPC, range: "10.1.0.0/17" });
  expect(moved.body["error_msg"]).toMatch(/range: .*can never change \(it is 10.1.0.0\/16\)/);

  const place = { vpc_id: made.body["id"], subnet_id: front?.id };
  expect((await api.create("f", { func_vpc: place })).body).toMatchObject({ func_vpc: place });
  const bare = await call(api, "PUT", path, { ...VPC, subnets: VPC.subnets.slice(1) });
  expect(bare.body["error_msg"]).toContain('the subnet "front" (10.1.1.0/24) is in use by f:latest');
  expect((await call(api, "PUT", path, { ...VPC, subnets: VPC.subnets.slice(0, 1) })).status).toBe(200);
  const gone = await call(api, "DELETE", path);
  expect(gone).toMatchObject({ status: 409 });
  expect(gone.body["error_msg"]).toContain("f:latest");
  const config = `/functions/${api.urn("f")}/config`;
  const body = {
    func_name: "f",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 3,
    memory_size: 128,
  };
  const lost = await api.call("PUT", config, { ...body, func_vpc: { ...place, subnet_id: back?.id } });
  expect(lost.body).toMatchObject({ error_code: "FSS.1037" });
  const left = await api.call("PUT", config, { ...body, func_vpc: { vpc_id: "", subnet_id: "" } });
  expect(left.body["func_vpc"]).toBeUndefined();
  expect((await call(api, "DELETE", path)).status).toBe(204);
});

test("a VPC has one NAT gateway, and stays while it has it", async () => {
  await using api = await TestApi.start();
  const { body: vpc } = await call(api, "POST", "/vpcs", VPC);
  const lost = await call(api, "POST", "/nat-gateways", { name: "out", vpc_id: "nowhere" });
  expect(lost.body).toMatchObject({ error_code: "FSS.1036" });
  const made = await call(api, "POST", "/nat-gateways", {
    name: "out",
    vpc_id: vpc["id"],
    address: "203.0.113.7",
  });
  expect(made.body).toMatchObject({ name: "out", vpc_id: vpc["id"], address: "203.0.113.7" });
  const second = await call(api, "POST", "/nat-gateways", { name: "also", vpc_id: vpc["id"] });
  expect(second).toMatchObject({ status: 409, body: { error_code: "FSS.0409" } });
  const wrong = await call(api, "PUT", `/nat-gateways/${made.body["id"]}`, {
    name: "out",
    vpc_id: vpc["id"],
    address: "127.0.0.1",
  });
  expect(wrong.body["error_msg"]).toContain("address:");
  expect((await call(api, "DELETE", `/vpcs/${vpc["id"]}`)).body["error_msg"]).toContain(
    "the NAT gateway out",
  );
  expect((await call(api, "DELETE", `/nat-gateways/${made.body["id"]}`)).status).toBe(204);
  expect((await call(api, "DELETE", `/vpcs/${vpc["id"]}`)).status).toBe(204);
});

test("the fixed address of a NAT gateway is nobody else's, and in no VPC", async () => {
  await using api = await TestApi.start();
  const { body: shop } = await call(api, "POST", "/vpcs", VPC);
  const { body: bank } = await call(api, "POST", "/vpcs", { ...BANK, name: "bank" });
  const open = (name: string, vpc: unknown, address: string): Promise<Answer> =>
    call(api, "POST", "/nat-gateways", { name, vpc_id: vpc, address });
  expect((await open("out", shop["id"], "203.0.113.7")).status).toBe(201);
  const same = await open("also", bank["id"], "203.0.113.7");
  expect(same.body["error_msg"]).toContain("is the address of another NAT gateway of this platform already");
  const inside = await open("also", bank["id"], "10.1.0.9");
  expect(inside.body["error_msg"]).toContain("is inside another VPC of this platform (10.1.0.0/16)");
  expect((await open("also", bank["id"], "203.0.113.8")).status).toBe(201);
});

test("file systems are mounted where the runtimes have nothing, and stay while they are", async () => {
  const around = surroundings();
  await using api = await TestApi.start({ live: around.live });
  const { body: share } = await call(api, "POST", "/file-systems", { name: "files" });
  const { body: nfs } = await call(api, "POST", "/file-systems", {
    name: "nfs",
    nfs: { server: "10.1.2.9", path: "/exports" },
  });
  expect(nfs).toMatchObject({ nfs: { server: "10.1.2.9", path: "/exports" } });
  const config = {
    mount_user: { user_id: -1, user_group_id: 2000 },
    func_mounts: [mount(share["id"], "/mnt/files"), mount(nfs["id"], "/data")],
  };
  const made = await api.create("f", { mount_config: config });
  expect(made.body["mount_config"]).toMatchObject(config);
  const refused = await api.create("g", {
    mount_config: {
      mount_user: { user_id: 1000, user_group_id: 70_000 },
      func_mounts: [mount("none", "/usr/lib"), mount("none", "/mnt"), mount(share["id"], "/data/../etc")],
    },
  });
  for (const part of [
    "mount_config.mount_user.user_id: 1000",
    "mount_config.mount_user.user_group_id: 70000",
    'mount_config.func_mounts[0].local_mount_path: "/usr/lib" — failed to mount exist system path',
    "mount_config.func_mounts[1].local_mount_path",
    "mount_config.func_mounts[1].mount_resource",
    "mount_config.func_mounts[2].local_mount_path",
  ])
    expect(refused.body["error_msg"]).toContain(part);
  const lost = await api.create("g", { mount_config: { ...config, func_mounts: [mount("none", "/mnt/x")] } });
  expect(lost).toMatchObject({ status: 404, body: { error_code: "FSS.1050" } });

  const path = `/file-systems/${share["id"]}`;
  expect((await call(api, "DELETE", path)).body["error_msg"]).toContain("f:latest");
  expect(around.discarded).toEqual([]);
  await api.call("DELETE", `/functions/${api.urn("f")}`);
  expect((await call(api, "DELETE", path)).status).toBe(204);
  expect(around.discarded).toEqual([share["id"]]);
});

test("nothing crosses from one project to another, and administrators alone reach them", async () => {
  await using api = await TestApi.start();
  const { body: vpc } = await call(api, "POST", "/vpcs", VPC);
  const { body: other } = await api.send("POST", "/fungraph/v1/projects", { name: "other" });
  const theirs = `/fungraph/v1/projects/${other["id"]}`;
  expect((await api.send("GET", `${theirs}/vpcs`)).body).toEqual({ vpcs: [] });
  expect((await api.send("GET", `${theirs}/vpcs/${vpc["id"]}`)).status).toBe(404);
  expect((await api.send("DELETE", `${theirs}/vpcs/${vpc["id"]}`)).status).toBe(404);
  const borrowed = await api.send("POST", `${theirs}/nat-gateways`, { name: "out", vpc_id: vpc["id"] });
  expect(borrowed.body).toMatchObject({ error_code: "FSS.1036" });
  const { body: pair } = await api.send("POST", `${theirs}/credentials`, {});
  const own = { accessKey: pair["access_key"] as string, secretKey: pair["secret_key"] as string };
  const ownCall = await api.send("POST", `${theirs}/vpcs`, VPC, own);
  expect(ownCall).toMatchObject({ status: 403, body: { error_code: "FSS.0403" } });
});

test("a platform that runs functions as processes says that it has none of this", async () => {
  await using api = await TestApi.start({ live: { ...AT_REST, surroundings: undefined } });
  for (const [path, body] of [
    ["/vpcs", VPC],
    ["/file-systems", { name: "files" }],
  ] as const) {
    const refused = await call(api, "POST", path, body);
    expect(refused.status).toBe(400);
    expect(refused.body["error_msg"]).toContain("--driver docker");
  }
});
