import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ZipArchive } from "archiver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Invocation } from "../../client/invocations.ts";
import { FAILURES } from "../../model/failure.ts";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { hasCode } from "../runtimes/cases.ts";
import { LANGUAGES } from "../runtimes/languages/index.ts";
import type { Language } from "../runtimes/languages/language.ts";
import { dataFolder, type PlatformProcess } from "./support.ts";
import { WAYS, whyNot, type Way } from "./ways-to-fail.ts";

const INITIALIZER = { timeoutSeconds: 5 };

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: PlatformProcess;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await folder.start();
}, 60_000);

afterAll(async () => {
  await platform.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

/** The failures told apart (guide 3.7.2, table 3-39), the same in every language. */
describe.each(LANGUAGES.filter(({ family }) => hasCode("failing", family)))("$family", (language) => {
  const code = new Map<Language, Promise<Buffer>>();
  const ways = WAYS.filter((way) => whyNot(language.family, way) === undefined);

  test.for(ways)("a function that $name → $kind", { timeout: 120_000 }, async (way, { skip }) => {
    const runtime = runtimeOf(language) ?? skip(`no ${language.family} on this machine`);
    const { isolation } = platform.facts;
    if (!isolation.inForce.join(", ").includes(way.needs ?? "")) skip(`no limit of ${way.needs ?? ""} here`);
    const packing = code.get(language) ?? pack(language);
    code.set(language, packing);
    const name = `${language.family}-${WAYS.indexOf(way)}`;
    await deploy(name, { language, runtime, file: await packing }, way.spec);
    const reply = await platform.client.invocations.invoke(name, JSON.stringify(way.event ?? ""));
    expectFailure(reply, way);
    const { entries } = await platform.logs(name, { requestId: reply.requestId, reason: way.kind });
    expect(entries.filter((entry) => entry.kind === "end")).toHaveLength(1);
  });

  test("the same function answers after each failure", { timeout: 60_000 }, async ({ skip }) => {
    const runtime = runtimeOf(language) ?? skip(`no ${language.family} on this machine`);
    const name = `${language.family}-after`;
    await deploy(name, { language, runtime, file: await (code.get(language) ?? pack(language)) });
    for (const event of ["exit", "fine", "code", "fine", "signal", "fine", "large", "fine"]) {
      const reply = await platform.client.invocations.invoke(name, JSON.stringify(event));
      expect([event, reply.failed]).toEqual([event, event !== "fine"]);
    }
    const { entries } = await platform.logs(name, { result: "failed" });
    expect(entries.filter((entry) => entry.kind === "end")).toHaveLength(4);
  });
});

/** The newest runtime of the family that this machine runs. */
function runtimeOf({ family }: Language): string | undefined {
  return platform.facts.runtimes.findLast((one) => one.family === family && one.available)?.runtime;
}

async function pack(language: Language): Promise<Buffer> {
  const files = await mkdtemp(join(tmpdir(), "fungraph-failing-"));
  try {
    await language.putCode("failing", files);
    const zip = new ZipArchive();
    zip.directory(files, false);
    void zip.finalize();
    return Buffer.concat(await zip.toArray());
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

interface Deployable {
  readonly language: Language;
  readonly runtime: string;
  /** A zip. */
  readonly file: Buffer;
}

async function deploy(
  name: string,
  { language, runtime, file }: Deployable,
  more: Partial<FunctionSpec> = {},
): Promise<void> {
  const spec = normalizeFunction({
    name,
    runtime,
    handler: language.handler("index.handler"),
    initializer: { handler: language.handler("index.init"), ...INITIALIZER },
    memoryMb: 256,
    ...more,
  });
  await platform.client.functions.create(spec, { type: "zip", file, filename: "code.zip" });
}

function expectFailure(reply: Invocation, way: Way): void {
  const error = JSON.parse(reply.result.toString()) as Record<string, unknown>;
  expect({ ...error, failed: reply.failed, code: reply.errorCode }).toMatchObject({
    failed: true,
    code: FAILURES[way.kind].code,
    errorMessage: expect.stringMatching(way.says) as string,
  });
  expect(Object.keys(error)).toEqual(["errorMessage", "errorType", "stackTrace"]);
}
