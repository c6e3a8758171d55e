import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { noEngine } from "./engine.ts";
import { readFromImage, runtimeImage, unbuildable } from "./runtime-image.ts";
import { RUNTIMES_IN_IMAGES } from "./subjects.ts";

const FILE = "/usr/share/doc/fungraph/sbom.cdx.json";
const MINUTES = 600_000;

/** The part of CycloneDX 1.5 that we write; its schema refuses other members, too. */
const COMPONENT = z.strictObject({
  type: z.enum(["library", "file", "container"]),
  "bom-ref": z.string().min(1),
  name: z.string().min(1),
  version: z.string().min(1).optional(),
  purl: z
    .string()
    .regex(/^pkg:(deb|npm|pypi|maven|golang|generic)\/([\w.%~-]+\/)*[\w.%~-]+@[\w.%~-]+(\?arch=\w+)?$/)
    .optional(),
  hashes: z
    .array(z.strictObject({ alg: z.literal("SHA-256"), content: z.string().regex(/^[0-9a-f]{64}$/) }))
    .optional(),
});
const DOCUMENT = z.strictObject({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.5"),
  version: z.int().min(1),
  metadata: z.strictObject({ component: COMPONENT }),
  components: z.array(COMPONENT),
});

/** What must be named beside Debian's packages, and a file with its hash. */
const EXPECTED: Readonly<Record<string, { readonly parts: readonly RegExp[]; readonly file: string }>> = {
  "Node.js20.15": {
    parts: [/^pkg:npm\/lodash@4\./, /^pkg:npm\/express@/, /^pkg:npm\/esdk-obs-nodejs@/],
    file: "/home/snuser/runtime/nodejs/bootstrap.js",
  },
  "Python3.10": {
    parts: [/^pkg:pypi\/numpy@/, /^pkg:pypi\/requests@/, /^pkg:pypi\/redis@/],
    file: "/home/snuser/runtime/python/bootstrap.py",
  },
  "PHP7.3": { parts: [/^pkg:deb\/debian\/php8\.2-cli@/], file: "/home/snuser/runtime/php/bootstrap.php" },
  "Go1.x": { parts: [/^pkg:golang\/std@1\.\d+/], file: "/home/snuser/runtime/go/bootstrap" },
  Java17: {
    parts: [
      /^pkg:maven\/com\.google\.code\.gson\/gson@2\./,
      /^pkg:maven\/fungraph\/fungraph-java-bootstrap@/,
    ],
    file: "/home/snuser/runtime/java/lib/gson.jar",
  },
  "C#(.NET Core 3.1)": {
    parts: [/^pkg:generic\/Fungraph\.Runtime@/, /^pkg:generic\/HC\.Serverless\.Function\.Common@/],
    file: "/home/snuser/runtime/csharp/mono/Fungraph.Runtime.dll",
  },
};

const missing = await noEngine();
if (missing !== undefined) console.log(`lists of parts are not read from images: ${missing}`);
const asked = await Promise.all(
  RUNTIMES_IN_IMAGES.map(async (runtime) => ({ runtime, why: await unbuildable(runtime) })),
);

describe.skipIf(missing !== undefined)("the list of parts in the image", () => {
  const engine = new Engine();
  afterAll(() => engine.close());

  test.each(asked.filter(({ why }) => why === undefined).map(({ runtime }) => runtime))(
    "of %s is CycloneDX, and names each thing once",
    async (runtime) => {
      const { tag } = await runtimeImage(engine, runtime);
      const { components } = DOCUMENT.parse(JSON.parse(await readFromImage(engine, tag, FILE)));
      const references = components.map((one) => one["bom-ref"]);
      expect(new Set(references).size).toBe(references.length);
      const urls = components.flatMap(({ purl = [] }) => purl);
      const { parts = [], file = "" } = EXPECTED[runtime] ?? {};
      for (const part of [/^pkg:deb\/debian\/libc6@.*\?arch=amd64$/, ...parts])
        expect(
          urls.filter((url) => part.test(url)),
          String(part),
        ).toHaveLength(1);
      const listed = components.find(({ name }) => name === file);
      expect(listed?.hashes?.[0]?.content).toBe(await sha256(tag, file));
      expect(components.map(({ name }) => name)).not.toContain("/home/snuser/runtime/nodejs/Dockerfile");
    },
    MINUTES,
  );

  async function sha256(tag: string, path: string): Promise<string> {
    const json = { Image: tag, Cmd: ["none"] };
    const { Id } = await engine.ask<{ Id: string }>({ method: "POST", path: "/containers/create", json });
    try {
      const archive = `/containers/${Id}/archive?path=${encodeURIComponent(path)}`;
      const input = await engine.bytes({ method: "GET", path: archive });
      const bytes = execFileSync("tar", ["-xO"], { input, maxBuffer: 1 << 26 });
      return createHash("sha256").update(bytes).digest("hex");
    } finally {
      await engine.ask({ method: "DELETE", path: `/containers/${Id}` });
    }
  }
});
