import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { CodeType } from "../../model/runtimes.ts";
import { zipJava } from "../support/java.ts";
import { dataFolder, type PlatformProcess } from "./support.ts";

const SOURCE = `package demo;

import com.huawei.services.runtime.Context;
import java.io.File;
import java.util.Arrays;
import java.util.List;

public class Shop {
  private static volatile boolean well = true;
  private String ready;

  public void initialize(Context context) {
    ready = context.getFunctionName();
  }

  public List<Object> facts(String event, Context context) throws Exception {
    System.out.println("printed");
    context.getLogger().info("logged " + event);
    return Arrays.<Object>asList(
        ready,
        context.getUserData("KEY"),
        System.getenv("KEY"),
        context.getMemorySize(),
        context.getRunningTimeInSeconds(),
        context.getRemainingTimeInMilliSeconds() > 1000,
        new File("").getAbsolutePath(),
        System.getProperty("java.io.tmpdir"),
        System.getProperty("user.name"));
  }

  /** Waits until all have come: they share an instance and run at once, or never end. */
  public String together(int event, Context context) throws Exception {
    new File("/tmp/came." + event).createNewFile();
    while (new File("/tmp").list((folder, name) -> name.startsWith("came.")).length < 4) {
      Thread.sleep(1);
    }
    System.out.println("of " + event);
    return context.getRequestID();
  }

  /** Makes a gigabyte of garbage beside so many megabytes that it keeps. */
  public int keep(int megabytes, Context context) {
    byte[][] kept = new byte[megabytes][1 << 20];
    int length = 0;
    for (int i = 0; i < 16_000; i++) {
      length = new byte[1 << 16].length;
    }
    return kept.length * length / (1 << 16);
  }

  public String sick(Object event, Context context) throws Exception {
    well = event.equals("get well");
    Thread.sleep(60_000);
    return "never";
  }

  public boolean heartbeat() {
    return well;
  }
}
`;

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: PlatformProcess;
let code: Promise<Buffer> | undefined;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await folder.start({ poolSize: 1 });
}, 60_000);

afterAll(async () => {
  await platform.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

/** The newest Java of this machine. */
function runtimeOf({ skip }: TestContext): string {
  const java = platform.facts.runtimes.filter(({ family }) => family === "java");
  return java.findLast(({ available }) => available)?.runtime ?? skip(java[0]?.detail ?? "no Java here");
}

async function deploy(context: TestContext, name: string, more: Partial<FunctionSpec>): Promise<void> {
  const spec = normalizeFunction({ name, runtime: runtimeOf(context), handler: "demo.Shop.facts", ...more });
  const file = await (code ??= zipJava({ "demo/Shop.java": SOURCE }));
  await platform.client.functions.create(spec, { type: CodeType.Zip, file, filename: "shop.zip" });
}

describe("Java", () => {
  test("initializer, context, environment, folders and log", { timeout: 120_000 }, async (context) => {
    await deploy(context, "java-facts", {
      initializer: { handler: "demo.Shop.initialize", timeoutSeconds: 5 },
      environment: { KEY: "value" },
      memoryMb: 256,
      timeoutSeconds: 7,
    });
    const reply = await platform.client.invocations.invoke("java-facts", '"x"', { tail: true });
    const values = JSON.parse(reply.result.toString()) as unknown[];
    expect(values.slice(0, 6)).toEqual(["java-facts", "value", "value", 256, 7, true]);
    const sandboxed = platform.facts.isolation.inForce.some((one) => one.includes("user 1003"));
    if (sandboxed) expect(values.slice(6)).toEqual(["/opt/function", "/tmp", "snuser"]);
    expect(reply.log).toMatch(new RegExp(`^printed$[^]*Z ${reply.requestId} INFO logged "x"$`, "m"));
  });

  test("concurrent requests share an instance, and each has its own log", async (context) => {
    if (!platform.facts.isolation.inForce.some((one) => one.includes("/tmp")))
      context.skip("no /tmp of its own");
    const more = { handler: "demo.Shop.together", concurrency: 4, timeoutSeconds: 20, memoryMb: 512 };
    await deploy(context, "java-many", more);
    const replies = await Promise.all(
      [0, 1, 2, 3].map((i) => platform.client.invocations.invoke("java-many", String(i), { tail: true })),
    );
    for (const [i, reply] of replies.entries()) {
      expect(reply.result.toString()).toBe(reply.requestId);
      expect(reply.log?.match(/of \d/g)).toEqual([`of ${String(i)}`]);
    }
  });

  test("garbage does not count as memory for long", { timeout: 60_000 }, async (context) => {
    await deploy(context, "java-keep", { handler: "demo.Shop.keep", timeoutSeconds: 30 });
    const reply = await platform.client.invocations.invoke("java-keep", "40");
    expect(reply.result.toString()).toBe("40");
  });

  test(
    "a heartbeat that says no ends the instance with its request",
    { timeout: 60_000 },
    async (context) => {
      await deploy(context, "java-sick", {
        handler: "demo.Shop.sick",
        heartbeat: { handler: "demo.Shop.heartbeat" },
        timeoutSeconds: 30,
      });
      const reply = await platform.client.invocations.invoke("java-sick", '"get sick"');
      expect([reply.failed, reply.errorCode]).toEqual([true, 4006]);
      expect(reply.result.toString()).toContain("the heartbeat method returned false instead of true");
      const { entries } = await platform.logs("java-sick", {
        requestId: reply.requestId,
        reason: "heartbeat",
      });
      expect(entries.filter((entry) => entry.kind === "end")).toHaveLength(1);
      const read = await platform.client.functions.get("java-sick");
      expect(read.spec.heartbeat).toEqual({ handler: "demo.Shop.heartbeat" });
    },
  );
});
