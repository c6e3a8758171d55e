import { describe, expect, test } from "vitest";
import { Addresses, ownAddresses } from "../../platform/drivers/docker/vpc/addresses.ts";
import { openVpcKeeper } from "../../platform/drivers/open-driver.ts";
import { renderZones } from "../../platform/drivers/docker/vpc/zone-file.ts";

test("schedulers of containers without a common folder are told what to type, and those of processes need none", async () => {
  const terms = { platform: "p", filesDir: undefined };
  await expect(openVpcKeeper("docker", terms)).rejects.toThrow(
    /Start all of them with the same --files FOLDER/,
  );
  expect(await openVpcKeeper("process", terms)).toBeUndefined();
});

describe("addresses of a subnet", () => {
  test("are handed out one after the other, without those that are the platform's or mean something else", () => {
    const addresses = new Addresses("10.1.0.0/28", "10.1.0.0/28");
    const all = Array.from({ length: 16 }, () => addresses.take());
    const [taken, none] = [all.slice(0, 11), all.slice(11)];
    expect(taken).toEqual(Array.from({ length: 11 }, (_, index) => `10.1.0.${index + 1}`));
    expect(none.every((one) => one === undefined)).toBe(true);
    expect(Object.values(ownAddresses("10.1.0.0/28"))).toEqual(["10.1.0.14", "10.1.0.13", "10.1.0.12"]);
  });

  test("go past those that somebody else has", () => {
    const addresses = new Addresses("10.1.1.0/29", "10.1.0.0/16");
    const others = new Set(["10.1.1.1", "10.1.1.3"]);
    const all = Array.from({ length: 5 }, () => addresses.take(others));
    expect(all).toEqual(["10.1.1.2", "10.1.1.4", "10.1.1.5", "10.1.1.6", undefined]);
    // They may have gone since.
    expect(addresses.take()).toBe("10.1.1.1");
  });

  test("come back when they are free, the longest free first", () => {
    const addresses = new Addresses("10.1.1.0/29", "10.1.0.0/16");
    const all = Array.from({ length: 6 }, () => addresses.take() ?? "");
    expect(addresses.take()).toBeUndefined();
    addresses.free(all[4] ?? "");
    addresses.free(all[1] ?? "");
    expect([addresses.take(), addresses.take(), addresses.take()]).toEqual([all[1], all[4], undefined]);
  });
});

describe("zones of a name server", () => {
  const zones = [
    {
      name: "shop.internal",
      records: [
        { name: "@", type: "A", values: ["10.1.0.1"] },
        { name: "db", type: "A", values: ["10.1.0.2", "10.1.0.3"] },
        { name: "www", type: "CNAME", values: ["db.shop.internal"] },
      ],
    },
  ] as const;

  test("hold every address of every name, and are asked nowhere else", () => {
    const files = renderZones({ zones, address: "10.1.255.253", outward: false });
    expect(files.hosts.split("\n")).toEqual([
      "10.1.0.1 shop.internal",
      "10.1.0.2 db.shop.internal",
      "10.1.0.3 db.shop.internal",
      "10.1.0.2 www.shop.internal",
      "10.1.0.3 www.shop.internal",
      "",
    ]);
    expect(files.servers).toBe("server=/shop.internal/\n");
    expect(files["dns.conf"]).toContain("listen-address=10.1.255.253\n");
    expect(files["dns.conf"]).toContain("no-resolv\n");
  });

  test("leave other names to the way out, where there is one", () => {
    const { "dns.conf": settings } = renderZones({ zones: [], address: "10.1.255.253", outward: true });
    expect(settings).toContain("resolv-file=/etc/resolv.conf\n");
    expect(settings).not.toContain("no-resolv");
  });
});
