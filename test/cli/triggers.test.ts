import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Command, emptyFolder, fungraph } from "./command.ts";

const DESK = fileURLToPath(new URL("../../examples/order-desk", import.meta.url));

describe("triggers of every kind", { timeout: 180_000 }, () => {
  test("are deployed with one warning for each source that is not here, and listed with those of aliases", async () => {
    await using place = await emptyFolder();
    const data = join(place.folder, "data");
    await using dev = new Command(["dev", DESK, "--port", "0", "--data", data]);
    await dev.says(/Ctrl-C ends it/);
    const told = [...dev.stderr.matchAll(/(\w+) triggers are kept and listed by the platform/g)];
    expect(told.map(([, type = ""]) => type).join()).toBe("OBS");
    expect(dev.stderr).toContain('! The topic of this trigger of "desk" is of another project or region');

    const listed = JSON.parse((await fungraph(["ls", "--json", "--data", data])).stdout) as {
      name: string;
      triggers: string[];
    }[];
    expect(listed.find(({ name }) => name === "desk")?.triggers.sort()).toEqual([
      "0 0 18 ? * Mon-Fri",
      "OBS order-uploads s3:ObjectCreated:Put,s3:ObjectCreated:CompleteMultipartUpload orders/ .csv",
      expect.stringMatching(/^POST http:\/\/127\.0\.0\.1:\d+\/orders$/),
      "SMN urn:smn:local:shop:orders",
    ]);
  });
});
