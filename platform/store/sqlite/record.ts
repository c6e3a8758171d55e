import type { CodeSpec, FunctionSpec } from "../../../model/function.ts";
import type { DependencyVersion } from "../../../model/dependency.ts";
import type { SecretBox } from "../secrets.ts";
import type { DependencyStore } from "../dependencies.ts";
import type { FunctionRecord } from "../functions.ts";
import { keyText, type FunctionKey } from "../function-key.ts";

/** A version's row joined with its function's. */
export interface RecordRow {
  readonly uuid: string;
  readonly project: string;
  readonly package: string;
  readonly function_name: string;
  readonly name: string;
  readonly description: string;
  readonly spec: string;
  readonly secrets: Uint8Array | null;
  readonly code_type: string;
  readonly code_size: number;
  readonly code_digest: string;
  readonly code_filename: string;
  readonly revision: number;
  readonly created_at: number;
  readonly modified_at: number;
}

/** The columns of RecordRow; a WHERE with `f` (functions) and `v` (versions) follows. */
export const SELECT_RECORD = `SELECT f.uuid, f.pinned, f.project, f.package, f.name AS function_name, v.name, v.description, v.spec, v.secrets,
  v.code_type, v.code_size, v.code_digest, v.code_filename, v.revision, v.created_at, v.modified_at
  FROM versions v JOIN functions f ON f.id = v.function_id`;

/** The one door between rows and records: secrets are sealed on the way in and opened on the way out. */
export class RecordCodec {
  readonly #box: SecretBox;

  readonly #dependencies: Pick<DependencyStore, "version">;

  constructor(box: SecretBox, dependencies: Pick<DependencyStore, "version">) {
    this.#box = box;
    this.#dependencies = dependencies;
  }

  /** Named parameters of what a writer may change. */
  columns(key: FunctionKey, spec: FunctionSpec, code: CodeSpec) {
    const { encryptedEnvironment, ...open } = spec;
    const sealed = Object.keys(encryptedEnvironment).length > 0;
    return {
      spec: JSON.stringify(open),
      secrets: sealed ? this.#box.seal(JSON.stringify(encryptedEnvironment), keyText(key)) : null,
      codeType: code.type,
      codeSize: code.size,
      codeDigest: code.digest,
      codeFilename: code.filename,
    };
  }

  read(row: RecordRow): FunctionRecord {
    const key = { projectId: row.project, package: row.package, name: row.function_name };
    const open = JSON.parse(row.spec) as Omit<FunctionSpec, "encryptedEnvironment">;
    const secrets = row.secrets === null ? "{}" : this.#box.open(row.secrets, keyText(key));
    return {
      key,
      id: row.uuid,
      version: row.name,
      versionDescription: row.description,
      spec: { ...open, encryptedEnvironment: JSON.parse(secrets) as FunctionSpec["encryptedEnvironment"] },
      code: {
        type: row.code_type,
        size: row.code_size,
        digest: row.code_digest,
        filename: row.code_filename,
      },
      dependencies: (open.dependencies ?? []).map((id) => this.#dependency(id)),
      revision: row.revision,
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
    };
  }

  /** Whether the dependencies that a record shows are still called as it says; the rest changes with its function alone. */
  isCurrent({ dependencies }: FunctionRecord): boolean {
    return dependencies.every((one) => this.#dependencies.version(one.id) === one);
  }

  #dependency(id: string): DependencyVersion {
    const found = this.#dependencies.version(id);
    if (found === undefined) throw new Error(`The dependency version ${id} is in use and was deleted.`);
    return found;
  }
}
