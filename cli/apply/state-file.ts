import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "../exit.ts";

const Properties = z.record(z.string(), z.unknown());

const ResourceState = z.strictObject({
  urn: z.string(),
  type: z.string(),
  name: z.string(),
  id: z.string(),
  /** Inputs and outputs side by side; secret ones as fingerprints. */
  state: Properties,
  /** Paths of the secret ones. */
  secrets: z.array(z.string()),
  dependencies: z.array(z.string()),
});
/** A resource that exists, as it was last applied. */
export type ResourceState = Readonly<z.infer<typeof ResourceState>>;

const Contents = z.strictObject({
  version: z.literal(1),
  resources: z.array(ResourceState),
  /** Resources that were replaced and are still to be deleted. */
  superseded: z.array(ResourceState),
});

/**
 * What the program has brought into being, in one file that is whole at every moment. Every change is on disk when its
 * promise resolves; changes made while one is being written share the next write.
 */
export class StateFile {
  readonly #path: string;
  readonly #resources = new Map<string, ResourceState>();
  #superseded: readonly ResourceState[] = [];
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws UserError when the file is not one of ours */
  static async open(path: string): Promise<StateFile> {
    const file = new StateFile(path);
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return file;
    const contents = parse(text, path);
    for (const resource of contents.resources) file.#resources.set(resource.urn, resource);
    file.#superseded = contents.superseded;
    return file;
  }

  /** Oldest first: a resource comes after those it depends on. */
  resources(): ResourceState[] {
    return [...this.#resources.values()];
  }

  find(urn: string): ResourceState | undefined {
    return this.#resources.get(urn);
  }

  superseded(): readonly ResourceState[] {
    return this.#superseded;
  }

  put(resource: ResourceState): Promise<void> {
    this.#resources.set(resource.urn, resource);
    return this.#save();
  }

  /** Puts a new resource in the place of one that is still to be deleted. */
  supersede(resource: ResourceState): Promise<void> {
    const old = this.#resources.get(resource.urn);
    if (old !== undefined) this.#superseded = [...this.#superseded, old];
    return this.put(resource);
  }

  delete(resource: ResourceState): Promise<void> {
    if (this.#resources.get(resource.urn) === resource) this.#resources.delete(resource.urn);
    this.#superseded = this.#superseded.filter((each) => each !== resource);
    return this.#save();
  }

  #save(): Promise<void> {
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#writing = this.#write();
        return this.#writing;
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const contents = { version: 1, resources: this.resources(), superseded: this.#superseded };
    const draft = `${this.#path}.new`;
    const file = await open(draft, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify(contents, null, 1));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.#path);
    await syncFolder(dirname(this.#path));
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function parse(text: string, path: string): z.infer<typeof Contents> {
  try {
    return Contents.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `${path} is not a state file of this version of Fungraph. Move the folder that it is in away to begin anew.`,
    );
  }
}
