import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { CodeType } from "../../model/runtimes.ts";
import { dataFolder, type PlatformProcess } from "./support.ts";

const IMAGE = {
  reference: "shop:1",
  command: ["/bin/sh"],
  args: ["-c", "serve, please"],
  workingDir: "/app",
  uid: 1003,
  gid: 1500,
};

function spec(more: Partial<FunctionSpec> = {}): FunctionSpec {
  return normalizeFunction({ name: "shop", runtime: "Custom Image", handler: "-", image: IMAGE, ...more });
}

describe("functions from container images on a platform that runs processes", () => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let platform: PlatformProcess;

  beforeAll(async () => {
    data = await dataFolder();
    platform = await data.start();
  });

  afterAll(async () => {
    await platform[Symbol.asyncDispose]();
    await data[Symbol.asyncDispose]();
  });

  test("are kept, changed, published and deleted as others are", async () => {
    const { functions, versions } = platform.client;
    const { urn } = await functions.create(spec(), { type: CodeType.Image });
    const found = await functions.get(urn);
    expect(found).toMatchObject({ spec: { image: IMAGE }, code: { type: "Custom-Image-Swr", size: 0 } });
    const next = spec({ image: { ...IMAGE, reference: "shop:2" }, authInHeader: true });
    expect((await functions.updateConfig(urn, next)).spec).toMatchObject({
      image: { reference: "shop:2" },
      authInHeader: true,
    });
    await versions.publish(urn, { name: "one", description: "" });
    expect((await functions.get(urn.replace(/latest$/, "one"))).spec.image?.reference).toBe("shop:2");
    const code = functions.updateCode(urn, { type: CodeType.Zip, file: Buffer.from("x"), filename: "x.zip" });
    await expect(code).rejects.toMatchObject({ code: "FSS.1006" });
    await functions.delete(urn.replace(/:latest$/, ""));
  });

  test("are refused with every fault at once", async () => {
    const wrong = spec({ name: "wrong", image: { ...IMAGE, reference: "https://shop", uid: 0 } });
    const made = platform.client.functions.create(wrong, { type: CodeType.Image });
    await expect(made).rejects.toMatchObject({ code: "FSS.1034" });
    await expect(made).rejects.toThrow(/custom_image\.image: .*custom_image\.uid: /s);
  });

  test("say when they are called which platform they need", async () => {
    const { urn } = await platform.client.functions.create(spec({ name: "called" }), {
      type: CodeType.Image,
    });
    await expect(platform.client.invocations.invoke(urn, "{}")).rejects.toThrow(
      /process driver runs no container images\. Start the platform with the docker driver/,
    );
  });
});
