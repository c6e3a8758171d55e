import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { REPOSITORY, RUNTIME_LABEL } from "../../platform/drivers/docker/images.ts";
import { EngineError, type Engine } from "../../platform/drivers/docker/engine.ts";
import { IMAGES, RUNTIME_ROOT } from "./places.ts";
import { openBase, type BaseImage } from "./base-image.ts";
import { languageOf, partsOf } from "./parts.ts";
import type { Recipe } from "./recipes.ts";
import { renderSbom } from "./sbom.ts";
import { Tree } from "./tree.ts";

const USER = { name: "snuser", id: 1003 };
/** 1980-01-01: the oldest time that every archive format can hold. */
const EPOCH_SECONDS = 315_532_800;
/** What of a language's folder makes the image, and is not part of it. */
const NOT_RUN = ["Dockerfile", "libraries", "versions"];
const DIGEST_LENGTH = 12;

/** A built image. */
export interface BuiltImage {
  readonly id: string;
  /** `fungraph/nodejs:20.15-` and the first digits of the content's hash. */
  readonly tag: string;
  /** Bytes, unpacked. */
  readonly size: number;
  readonly baseSize: number;
  /** False when the engine had the very image already. */
  readonly built: boolean;
}

export interface BuildOptions {
  /** Told each line that the engine says. */
  readonly progress?: (line: string) => void;
  /** First part of the image's name. Default `fungraph`. */
  readonly repository?: string;
  /** Builds again, without what the engine remembers of earlier builds. Default false. */
  readonly fresh?: boolean;
}

/** Builds the image of a runtime. Rejects with what the engine says. */
export async function buildImage(
  engine: Engine,
  recipe: Recipe,
  { progress = () => undefined, fresh = false, repository = REPOSITORY }: BuildOptions = {},
): Promise<BuiltImage> {
  const base = await openBase(engine, recipe.base);
  const context = await contextOf(recipe, base);
  const digest = createHash("sha256").update(base.id).update(context).digest("hex");
  const tag = `${repository}/${recipe.name}-${digest.slice(0, DIGEST_LENGTH)}`;
  const known = fresh ? undefined : await find(engine, tag);
  if (known === undefined) await build(engine, { recipe, tag, context, fresh, progress });
  const { Id, Size } = known ?? (await inspect(engine, tag));
  return { id: Id, tag, size: Size, baseSize: base.size, built: known === undefined };
}

/** What `docker build` needs, as a tar archive: the Dockerfile, and the files as they will lie in the image. */
async function contextOf(recipe: Recipe, base: BaseImage): Promise<Buffer> {
  const tree = new Tree()
    .file(
      "etc/passwd",
      account(
        base.read("/etc/passwd"),
        `${USER.name}:x:${USER.id}:${USER.id}:${USER.name}:/home/${USER.name}:/bin/sh`,
      ),
    )
    .file("etc/group", account(base.read("/etc/group"), `${USER.name}:x:${USER.id}:`))
    .folder("home/snuser/log", USER.id)
    .folder("opt/function/code")
    .folder("run/function");
  for (const folder of recipe.content) tree.copy(join(IMAGES, folder), `${RUNTIME_ROOT}/${folder}`, NOT_RUN);
  await recipe.complete(tree);
  const parts = [...languageOf(base), ...(recipe.installed?.(base) ?? []), ...(await partsOf(tree))];
  tree.file("usr/share/doc/fungraph/sbom.cdx.json", renderSbom(recipe.name, base, parts, tree));
  const context = new Tree()
    .file("Dockerfile", readFileSync(join(IMAGES, recipe.folder, "Dockerfile")))
    .file("rootfs.tar", await tree.tar(EPOCH_SECONDS));
  for (const folder of recipe.source) context.copy(join(IMAGES, folder), folder);
  return context.tar(EPOCH_SECONDS);
}

/** The base's own accounts and the function's, which some libraries look up. */
function account(text = "", line: string): string {
  return `${text.replace(/\n*$/, text === "" ? "" : "\n")}${line}\n`;
}

async function build(
  engine: Engine,
  given: { recipe: Recipe; tag: string; context: Buffer; fresh: boolean; progress: (line: string) => void },
): Promise<void> {
  const { recipe, tag, context, fresh, progress } = given;
  const query = new URLSearchParams({
    t: tag,
    platform: "linux/amd64",
    rm: "1",
    forcerm: "1",
    ...(fresh && { nocache: "1" }),
    buildargs: JSON.stringify({ BASE: recipe.base, SOURCE_DATE_EPOCH: String(EPOCH_SECONDS) }),
    labels: JSON.stringify({
      [RUNTIME_LABEL]: recipe.runtime,
      "org.opencontainers.image.title": `Fungraph: ${recipe.runtime}`,
      "org.opencontainers.image.licenses": "Apache-2.0",
      "org.opencontainers.image.base.name": recipe.base,
    }),
  });
  const question = {
    method: "POST",
    path: `/build?${query.toString()}`,
    tar: Readable.from([context]),
  } as const;
  for await (const { stream, error } of engine.follow<{ stream?: string; error?: string }>(question)) {
    if (error !== undefined) throw new Error(`The image of ${recipe.runtime} could not be built: ${error}`);
    if (stream !== undefined && stream.trim() !== "") progress(stream.trim());
  }
}

async function find(engine: Engine, tag: string): Promise<Inspected | undefined> {
  try {
    return await inspect(engine, tag);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}

interface Inspected {
  readonly Id: string;
  readonly Size: number;
}

function inspect(engine: Engine, tag: string): Promise<Inspected> {
  return engine.ask<Inspected>({ method: "GET", path: `/images/${tag}/json` });
}
