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
  inputs: Properties,
  outputs: Properties,
  dependencies: z.array(z.string()),
});
/** A resource that exists, as it was last applied. Secret inputs are kept as fingerprints. */
export type ResourceState = Readonly<z.infer<typeof ResourceState>>;

const Contents = z.strictObject({
  version: z.literal(1),
  resources: z.array(ResourceState),
  /** URNs of resources whose creation had begun: whether it was done is not known. */
  creating: z.array(z.string()),
});

/**
 * What the program has brought into being, in one file that is whole at every moment. Every change is on disk when its
 * promise resolves; changes made while one is being written share the next write.
 */
export class StateFile {
  readonly #path: string;
  readonly #resources = new Map<string, ResourceState>();
  readonly #creating = new Set<string>();
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
    for (const urn of contents.creating) file.#creating.add(urn);
    return file;
  }

  /** Oldest first: a resource comes after those it depends on. */
  resources(): ResourceState[] {
    return [...this.#resources.values()];
  }

  find(urn: string): ResourceState | undefined {
    return this.#resources.get(urn);
  }

  /** True when an earlier run ended in the middle of a creation. */
  interrupted(): boolean {
    return this.#creating.size > 0;
  }

  beginCreate(urn: string): Promise<void> {
    this.#creating.add(urn);
    return this.#save();
  }

  put(resource: ResourceState): Promise<void> {
    this.#creating.delete(resource.urn);
    this.#resources.set(resource.urn, resource);
    return this.#save();
  }

  delete(urn: string): Promise<void> {
    this.#resources.delete(urn);
    return this.#save();
  }

  /** Forgets creations that are known not to have happened. */
  settle(): Promise<void> {
    this.#creating.clear();
    return this.#save();
  }

  #save(): Promise<void> {
    this.#next ??= this.#writing.catch(() => undefined).then(() => {
      this.#next = undefined;
      this.#writing = this.#write();
      return this.#writing;
    });
    return this.#next;
  }

  async #write(): Promise<void> {
    const contents = { version: 1, resources: this.resources(), creating: [...this.#creating] };
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
