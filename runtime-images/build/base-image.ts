import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { EngineError, type Engine } from "../../platform/drivers/docker/engine.ts";

/** An image to build on, as the engine has it. */
export interface BaseImage {
  readonly reference: string;
  readonly id: string;
  /** Bytes of its layers, unpacked. */
  readonly size: number;
  /** Text of a file in it; undefined when there is none. */
  read(path: string): string | undefined;
  /** Variables of its environment. */
  readonly variables: ReadonlyMap<string, string>;
  /** Version of one of its Debian packages; undefined when it has it not. */
  package(name: string): string | undefined;
}

/** A Debian package that is installed. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Files of a base that its descendants need to know. */
const FILES = ["/etc/passwd", "/etc/group", "/etc/os-release", "/var/lib/dpkg/status"];

/** Looks at a base image; pulls it when the engine has it not. */
export async function openBase(engine: Engine, reference: string): Promise<BaseImage> {
  const { Id, Size, Config, Os, Architecture } = await inspect(engine, reference);
  if (Os !== "linux" || Architecture !== "amd64")
    throw new Error(foreign(reference, `${Os}/${Architecture}`));
  const files = await readFiles(engine, Id);
  const base = { read: (path: string) => files.get(path) };
  return {
    ...base,
    reference,
    id: Id,
    size: Size,
    variables: new Map((Config.Env ?? []).map(splitVariable)),
    package: (name) => debianPackages(base).find((one) => one.name === name)?.version,
  };
}

/** Debian's packages in a base, in the order of their names. */
export function debianPackages({ read }: Pick<BaseImage, "read">): readonly DebianPackage[] {
  return (read("/var/lib/dpkg/status") ?? "")
    .split("\n\n")
    .filter((text) => /^Status: install ok installed$/m.test(text))
    .map((text) => {
      const field = (key: string): string => new RegExp(`^${key}: (.+)$`, "m").exec(text)?.[1] ?? "";
      return { name: field("Package"), version: field("Version"), architecture: field("Architecture") };
    })
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function splitVariable(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** What the engine says of an image. */
interface Inspected {
  readonly Os: string;
  readonly Architecture: string;
  readonly Id: string;
  readonly Size: number;
  readonly Config: { readonly Env?: readonly string[] | null };
}

async function inspect(engine: Engine, reference: string): Promise<Inspected> {
  const question = { method: "GET", path: `/images/${reference}/json` } as const;
  try {
    return await engine.ask(question);
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 404) throw error;
    await pull(engine, reference);
    return engine.ask(question);
  }
}

function foreign(reference: string, place: string): string {
  return (
    `The base image ${reference} is for ${place}, and images of functions are for linux/amd64. ` +
    `Get that one by: docker pull --platform linux/amd64 ${reference}`
  );
}

async function pull(engine: Engine, reference: string): Promise<void> {
  const path = `/images/create?fromImage=${encodeURIComponent(reference)}&platform=linux%2Famd64`;
  try {
    for await (const { error } of engine.follow<{ error?: string }>({ method: "POST", path }))
      if (error !== undefined) throw new Error(error);
  } catch (error) {
    throw new Error(
      `The base image ${reference} is not on this machine and cannot be pulled: ${(error as Error).message}. Give another base by --base, or by imageBases of fg.Platform.`,
      { cause: error },
    );
  }
}

/** Reads files out of a container that is never started. */
async function readFiles(engine: Engine, image: string): Promise<ReadonlyMap<string, string>> {
  const container = await engine.ask<{ Id: string }>({
    method: "POST",
    path: "/containers/create",
    json: { Image: image, Cmd: ["none"] },
  });
  try {
    const read = FILES.map(async (path) => [path, await readFile(engine, container.Id, path)] as const);
    const found = (await Promise.all(read)).filter((one): one is [string, string] => one[1] !== undefined);
    return new Map(found);
  } finally {
    await engine.ask({ method: "DELETE", path: `/containers/${container.Id}?force=1&v=1` });
  }
}

/** Text of a file in a container, whether that runs or not; undefined when there is none. */
export async function readFile(engine: Engine, container: string, path: string): Promise<string | undefined> {
  try {
    const archive = `/containers/${container}/archive?path=${encodeURIComponent(path)}`;
    return await onlyFile(await engine.bytes({ method: "GET", path: archive }));
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}

async function onlyFile(archive: Buffer): Promise<string | undefined> {
  let text: string | undefined;
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    const bytes = await buffer(entry);
    if (entry.header.type === "file") text = bytes.toString();
  }
  return text;
}
