import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodejs as driven } from "../../platform/drivers/process/languages/nodejs.ts";
import { applicableCases } from "./cases.ts";
import { filesLanguage } from "./files-language.ts";
import { startInstance } from "./instance.ts";
import { IMAGES, type Program } from "./languages/language.ts";
import { nodejs } from "./languages/nodejs.ts";
import { runCase } from "./run-case.ts";

const { found } = await nodejs.subjects();
let image: string;

beforeAll(async () => {
  image = await mkdtemp(join(tmpdir(), "fungraph-polished-"));
  await cp(join(IMAGES, "nodejs"), image, { recursive: true });
  const [own] = await driven.find();
  // Twice, as for two versions of Node.js.
  if (own !== undefined)
    await Promise.all([driven.polish?.(own, image), driven.polish?.({ ...own, name: "other" }, image)]);
});

afterAll(() => rm(image, { recursive: true, force: true }));

describe.each(found)("the bootstrap in one file, $title", (subject) => {
  const polished = (): Program => ({ ...subject, args: [join(image, "bootstrap.js")] });

  test("is one", async () => {
    expect(await readFile(join(image, "bootstrap.js"), "utf8")).not.toMatch(
      /require\("\.\/(?!import-module)/,
    );
  });

  describe.each(["results", "errors"] as const)("%s", (topic) => {
    const cases = applicableCases(topic, "nodejs", subject.version);
    test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, one) =>
      runCase(nodejs, polished(), one),
    );
  });
});

describe.each(found)("$title", (subject) => {
  test.runIf(subject.version?.startsWith("6."))("takes handlers with three parameters alone", async () => {
    const language = filesLanguage("nodejs", { "index.js": "exports.handler = (event, context) => 1;" });
    await using instance = await startInstance(language, subject, "code");
    const refused = await instance.load().catch((error: { body: Buffer }) => String(error.body));
    expect(refused).toContain("handler expect to have 3 parameters, but received 2");
  });

  test.each([1, 4])("events that wait, with concurrency %i, stay as they came", async (concurrency) => {
    const code =
      "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, event), 1); };";
    await using instance = await startInstance(
      filesLanguage("nodejs", { "index.js": code }),
      subject,
      "code",
    );
    await instance.load({ concurrency });
    // Small ones that share a read, and large ones that take several.
    const events = Array.from({ length: 60 }, (_, at) =>
      JSON.stringify({ at, text: String(at).repeat(at % 7 === 0 ? 50_000 : 40) }),
    );
    const ends = await Promise.all(events.map((event) => instance.invoke(event)));
    expect(ends.map(({ text }) => text)).toEqual(events);
  });
});
