import { describe, expect, test } from "vitest";
import { checkAddressApart, checkRangeApart } from "../../model/neighbour.ts";

const NEIGHBOURS = [
  { title: "the first", addresses: "10.1.0.0/16" },
  { title: "the second", addresses: "10.3.0.0/16" },
  { title: "the door", addresses: "192.168.7.9" },
];

describe("the range of a VPC", () => {
  test.each(["10.2.0.0/16", "10.0.0.0/16", "192.168.7.0/29", "no range"])("may be %s", (range) =>
    expect(checkRangeApart(range, NEIGHBOURS)).toEqual([]),
  );

  test.each([
    ["10.1.0.0/16", "the first (10.1.0.0/16)", "10.2.0.0/16"],
    ["10.1.16.0/28", "the first (10.1.0.0/16)", "10.2.0.0/28"],
    ["10.2.0.0/15", "the second (10.3.0.0/16)", "10.4.0.0/15"],
    ["192.168.0.0/16", "the door (192.168.7.9)", "10.0.0.0/16"],
  ])("fails with %s, and names a free one", (range, title, free) => {
    const [fault, ...more] = checkRangeApart(range, NEIGHBOURS);
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ property: "range", value: range, code: "FSS.1036" });
    expect(fault?.rule).toBe(`shares addresses with ${title}`);
    expect(fault?.fix).toBe(`Write "${free}", for example.`);
    expect(checkRangeApart(free, NEIGHBOURS)).toEqual([]);
  });

  test("fails without an example where nothing of its size is free", () => {
    const all = [{ title: "all", addresses: "10.0.0.0/8" }];
    expect(checkRangeApart("10.0.0.0/8", all)[0]?.fix).toBe("Choose a smaller range.");
  });
});

describe("the address of a NAT gateway", () => {
  test.each(["10.2.0.1", "192.168.7.8", "no address"])("may be %s", (address) =>
    expect(checkAddressApart(address, NEIGHBOURS)).toEqual([]),
  );

  test("fails when it is another's", () =>
    expect(checkAddressApart("192.168.7.9", NEIGHBOURS)[0]?.rule).toContain(
      "is the address of the door already",
    ));

  test("fails inside a VPC", () =>
    expect(checkAddressApart("10.3.255.255", NEIGHBOURS)[0]?.rule).toContain(
      "is inside the second (10.3.0.0/16)",
    ));
});
