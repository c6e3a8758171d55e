import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as Fungraph from "../../components/index.ts";
import { ProgramFolder, Recorder } from "./recorder.ts";

const recorder = await Recorder.start();
const fg: typeof Fungraph = await import("../../components/index.ts");

const HELLO = { runtime: "Node.js20.15", handler: "index.handler", code: "./hello" };
const SHOP = { range: "10.1.0.0/16", subnets: [{ name: "front", range: "10.1.1.0/24" }] };

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder({ "hello/index.js": "exports.handler = async (event) => event;\n" });
});
afterAll(() => folder[Symbol.dispose]());

/** Runs a program that must not be accepted, and answers the message. */
async function refusal(program: () => void): Promise<string> {
  let message = "";
  await recorder.record(() => {
    try {
      program();
    } catch (error) {
      message = error instanceof Error ? error.message : String(error);
    }
  });
  return message;
}

async function inputsOf(program: () => void): Promise<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries((await recorder.record(program)).map((each) => [each.name, each.inputs]));
}

describe("networks and file systems", () => {
  test("with defaults only", async () => {
    const inputs = await inputsOf(() => {
      const shop = new fg.Vpc("shop", SHOP);
      void new fg.NatGateway("out", { vpcId: shop.vpcId });
      const files = new fg.FileSystem("files");
      void new fg.Function("hello", {
        ...HELLO,
        network: shop.subnet("front"),
        fileSystems: { mounts: [files.at("/mnt/files")] },
      });
    });
    expect(inputs["shop"]).toEqual({ name: "shop", ...SHOP, zones: [] });
    expect(inputs["out"]).toEqual({ name: "out", vpcId: "shop-vpc" });
    expect(inputs["files"]).toEqual({ name: "files" });
    expect(inputs["hello"]).toMatchObject({
      network: { vpcId: "shop-vpc", subnetId: "front-subnet" },
      fileSystems: {
        userId: -1,
        groupId: -1,
        mounts: [{ fileSystemId: "files-system", path: "/mnt/files" }],
      },
    });
  });

  test("with everything set", async () => {
    const inputs = await inputsOf(() => {
      void new fg.Vpc("shop", {
        ...SHOP,
        vpcName: "network",
        zones: [
          {
            name: "shop.internal",
            records: [
              { name: "db", addresses: ["10.1.9.5", pulumi.output("10.1.9.6")] },
              { name: "www", alias: "db.shop.internal" },
            ],
          },
        ],
      });
      const address = pulumi.output("203.0.113.7");
      void new fg.NatGateway("out", { vpcId: "vpc", address, natGatewayName: "door" });
      void new fg.FileSystem("files", {
        nfs: { server: pulumi.output("10.1.9.9"), path: "/exports" },
        fileSystemName: "nfs",
      });
      void new fg.Function("hello", {
        ...HELLO,
        fileSystems: {
          mounts: [{ fileSystemId: "id", path: "/data" }],
          userId: 2000,
          groupId: pulumi.output(2001),
        },
      });
    });
    expect(inputs["shop"]).toMatchObject({
      name: "network",
      zones: [
        {
          name: "shop.internal",
          records: [
            { name: "db", type: "A", values: ["10.1.9.5", "10.1.9.6"] },
            { name: "www", type: "CNAME", values: ["db.shop.internal"] },
          ],
        },
      ],
    });
    expect(inputs["out"]).toEqual({ name: "door", vpcId: "vpc", address: "203.0.113.7" });
    expect(inputs["files"]).toEqual({ name: "nfs", nfs: { server: "10.1.9.9", path: "/exports" } });
    expect(inputs["hello"]).toMatchObject({
      fileSystems: { userId: 2000, groupId: 2001, mounts: [{ fileSystemId: "id", path: "/data" }] },
    });
  });
});

describe("fails with every fault at once:", () => {
  test("a VPC", async () => {
    const message = await refusal(
      () =>
        void new fg.Vpc("9", {
          range: "8.8.8.0/24",
          subnets: [{ name: "front", range: "10.1.1.5/24" }],
          zones: [
            {
              name: "local",
              records: [{ name: "db" }, { name: "www", alias: "example.com" }],
            },
          ],
        }),
    );
    expect(message).toContain('Vpc "9" has invalid arguments:');
    for (const fault of [
      'vpcName: "9"',
      'range: "8.8.8.0/24"',
      'subnets[0].range: "10.1.1.5/24"',
      'Write "10.1.1.0/24", for example.',
      'zones[0].name: "local"',
      "zones[0].records[0].addresses: []",
      'zones[0].records[1].alias: ["example.com"]',
    ])
      expect(message).toContain(fault);
  });

  test("subnets", async () => {
    const outside = { range: "10.1.0.0/16", subnets: [{ name: "a", range: "10.2.0.0/24" }] };
    expect(await refusal(() => void new fg.Vpc("shop", outside))).toContain(
      "is not inside the VPC's 10.1.0.0/16",
    );
    expect(await refusal(() => void new fg.Vpc("shop", { ...SHOP, subnets: [] }))).toContain(
      "needs a subnet",
    );
    const twice = [...SHOP.subnets, { name: "back", range: "10.1.1.128/25" }];
    expect(await refusal(() => void new fg.Vpc("shop", { ...SHOP, subnets: twice }))).toContain(
      'shares addresses with the subnet "front"',
    );
    expect(await refusal(() => void new fg.Vpc("shop", SHOP).subnet("back"))).toContain(
      'Use one of "front".',
    );
  });

  test("a NAT gateway and a file system", async () => {
    const gateway = await refusal(() => void new fg.NatGateway("out", { vpcId: "v", address: "127.0.0.1" }));
    expect(gateway).toContain('address: "127.0.0.1"');
    const nfs = { server: "not a name", path: "exports,rw" };
    const files = await refusal(() => void new fg.FileSystem("files", { nfs }));
    expect(files).toContain('nfs.server: "not a name"');
    expect(files).toContain('nfs.path: "exports,rw"');
  });

  test("the file systems of a function", async () => {
    const mounts = ["/usr/share/x", "/mnt", "/mnt/a", "/mnt/a/b", "/srv/c", "/srv/d"].map((path, index) => ({
      fileSystemId: index === 5 ? "0" : String(index),
      path,
    }));
    const message = await refusal(
      () => void new fg.Function("hello", { ...HELLO, fileSystems: { mounts, userId: 1000, groupId: 0 } }),
    );
    for (const fault of [
      "fileSystems.userId: 1000",
      "fileSystems.groupId: 0",
      "fileSystems.mounts: a function mounts 5 file systems at most",
      'fileSystems.mounts[0].path: "/usr/share/x" — failed to mount exist system path',
      'fileSystems.mounts[1].path: "/mnt"',
      'fileSystems.mounts[3].path: "/mnt/a/b"',
      'fileSystems.mounts[5].fileSystemId: "0"',
    ])
      expect(message).toContain(fault);
  });
});
