import { describe, expect, test } from "vitest";
import {
  checkPrivateRange,
  formatAddress,
  holds,
  overlaps,
  parseAddress,
  parseRange,
} from "../../model/address-range.ts";

describe("addresses", () => {
  test.each(["0.0.0.0", "10.1.2.3", "127.0.0.1", "255.255.255.255"])(
    "%s is one, and stays the same",
    (text) => {
      expect(formatAddress(parseAddress(text) ?? -1)).toBe(text);
    },
  );

  test.each(["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", "a.b.c.d", "::1"])(
    "fails on %j",
    (text) => expect(parseAddress(text)).toBeUndefined(),
  );
});

describe("ranges", () => {
  test("have a first and a last address", () => {
    expect(parseRange("10.1.0.0/16")).toEqual({ first: 167_837_696, last: 167_903_231, prefix: 16 });
    expect(parseRange("255.255.255.255/32")?.last).toBe(4_294_967_295);
    expect(parseRange("0.0.0.0/0")?.last).toBe(4_294_967_295);
  });

  test.each(["10.1.0.0", "10.1.0.0/33", "10.1.0.1/16", "10.1.0.0/016", "10.1.0.0/16/8", "10.1.0.0/", "/8"])(
    "fails on %j",
    (text) => expect(parseRange(text)).toBeUndefined(),
  );

  test.each([
    ["10.0.0.0/8", "10.1.0.0/16", true, true],
    ["10.1.0.0/16", "10.0.0.0/8", false, true],
    ["10.1.0.0/16", "10.2.0.0/16", false, false],
    ["10.1.0.0/17", "10.1.128.0/17", false, false],
    ["10.1.0.0/17", "10.1.0.0/17", true, true],
  ])("%s and %s: holds %s, overlaps %s", (one, other, inside, common) => {
    const [a, b] = [parseRange(one), parseRange(other)];
    if (a === undefined || b === undefined) throw new Error("both are ranges");
    expect([holds(a, b), overlaps(a, b), overlaps(b, a)]).toEqual([inside, common, common]);
  });
});

describe("ranges of a network of one's own", () => {
  test.each(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "172.31.255.240/28"])("%s is one", (range) => {
    expect(checkPrivateRange("range", range, "FSS.1036")).toEqual([]);
  });

  test.each([
    ["10.1.2.3/16", "10.1.0.0/16"],
    ["192.168.5.0/30", "192.168.5.0/28"],
    ["172.20.1.1", "172.20.0.0/16"],
    ["8.8.8.0/24", "192.168.0.0/16"],
    ["172.32.0.0/16", "192.168.0.0/16"],
    ["10.0.0.0/7", "10.0.0.0/16"],
    ["anything", "192.168.0.0/16"],
  ])("%s is none; the nearest is %s", (range, nearest) => {
    const [fault] = checkPrivateRange("range", range, "FSS.1036");
    expect(fault).toMatchObject({ property: "range", code: "FSS.1036" });
    expect(fault?.fix).toBe(`Write "${nearest}", for example.`);
    expect(checkPrivateRange("range", nearest, "FSS.1036")).toEqual([]);
  });
});
