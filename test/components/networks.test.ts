import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type * as Fungraph from "../../components/index.ts";
import { Recorder } from "./recorder.ts";

const recorder = await Recorder.start(true);
const fg: typeof Fungraph = await import("../../components/index.ts");

/** Another platform, which nobody asks. */
const OTHER = { endpoint: "http://127.0.0.1:1", projectId: "p", accessKey: "a", secretKey: "s" };

/** What a program is refused with in a preview; an empty text when it is not. */
async function refusal(program: () => void): Promise<string> {
  let message = "";
  await recorder.record(() =>
    pulumi.runtime
      .runInPulumiStack(async () => {
        try {
          program();
        } catch (error) {
          message = error instanceof pulumi.ResourceError ? error.message : `stack: ${String(error)}`;
        }
      })
      .then(() => undefined),
  );
  return message;
}

function vpc(name: string, range: string, opts?: pulumi.CustomResourceOptions): Fungraph.Vpc {
  return new fg.Vpc(name, { range, subnets: [{ name: "front", range }] }, opts);
}

describe("a preview refuses", () => {
  test("VPCs that share addresses, with a range that is free", async () => {
    const message = await refusal(() => {
      vpc("shop", "10.1.0.0/16");
      vpc("bank", "10.1.128.0/17");
    });
    expect(message).toContain(
      'Vpc "bank" has invalid arguments:\n  - range: "10.1.128.0/17" — shares addresses with the VPC "shop" (10.1.0.0/16). ' +
        'Write "10.2.0.0/17", for example. (FSS.1036)',
    );
  });

  test("a subnet outside its VPC, with a part that is inside", async () => {
    const subnets = [{ name: "front", range: "10.2.1.0/24" }];
    const message = await refusal(() => void new fg.Vpc("shop", { range: "10.1.0.0/16", subnets }));
    expect(message).toContain(
      'subnets[0].range: "10.2.1.0/24" — is not inside the VPC\'s 10.1.0.0/16. Write "10.1.0.0/24", for example. (FSS.1037)',
    );
  });

  test("the fixed address of a NAT gateway inside a VPC, whichever is declared first", async () => {
    const address = "10.1.0.9";
    const inside = await refusal(
      () => void new fg.NatGateway("out", { vpcId: vpc("shop", "10.1.0.0/16").vpcId, address }),
    );
    expect(inside).toContain('address: "10.1.0.9" — is inside the VPC "shop" (10.1.0.0/16)');
    const around = await refusal(() => {
      void new fg.NatGateway("out", { vpcId: "id", address });
      vpc("shop", "10.1.0.0/16");
    });
    expect(around).toContain('shares addresses with the NAT gateway "out" (10.1.0.9)');
  });

  test("two NAT gateways with one address, or for one VPC, with all faults at once", async () => {
    const message = await refusal(() => {
      const { vpcId } = vpc("shop", "10.1.0.0/16");
      void new fg.NatGateway("out", { vpcId, address: "203.0.113.7" });
      void new fg.NatGateway("again", { vpcId, address: "203.0.113.7" });
    });
    expect(message).toContain('address: "203.0.113.7" — is the address of the NAT gateway "out" already');
    expect(message).toContain('vpcId: the VPC has the NAT gateway "out" already');
  });
});

describe("a preview takes", () => {
  test("VPCs beside each other, with a gateway each", async () => {
    const message = await refusal(() => {
      for (const [name, range] of [
        ["shop", "10.1.0.0/16"],
        ["bank", "10.2.0.0/16"],
      ] as const)
        void new fg.NatGateway(`${name}-out`, { vpcId: vpc(name, range).vpcId });
    });
    expect(message).toBe("");
  });

  test("the same range on another platform, and in another program", async () => {
    const message = await refusal(() => {
      vpc("shop", "10.1.0.0/16");
      const provider = new fg.Provider("other", OTHER);
      vpc("twin", "10.1.0.0/16", { provider });
    });
    expect(message).toBe("");
  });
});
