import type { FunctionSpec } from "../../model/function.ts";
import type { CodeStore } from "../store/code.ts";
import type { FunctionRecord } from "../store/functions.ts";
import { keyText } from "../store/function-key.ts";

/** What an instance is made for: one version of a function with one memory size. */
export interface Target {
  /** Unique for function revision, version and memory; instances are pooled by it. Changes when code or configuration changes. */
  readonly key: string;
  /** Same for all revisions and memory sizes of one version. */
  readonly line: string;
  /** Same for all versions and revisions of one function: `<project>/<package>/<name>`. */
  readonly functionKey: string;
  readonly projectId: string;
  readonly region: string;
  readonly version: string;
  readonly spec: FunctionSpec;
  readonly memoryMb: number;
  /** SHA-512 of the code's own archive. */
  readonly digest: string;
  /** Folder with the unpacked, read-only code, merged with its dependencies. */
  readonly codeDir: string;
}

/** The target of a version with its own memory size; unpacks the code where it is not. An image has no folder. */
export async function targetOf(
  record: FunctionRecord,
  code: Pick<CodeStore, "folder">,
  region: string,
): Promise<Target> {
  const dependencies = record.dependencies.map((one) => one.digest);
  const codeDir = record.spec.image === undefined ? await code.folder(record.code.digest, dependencies) : "";
  return {
    key: `${revisionKey(record)}/${record.spec.memoryMb}`,
    line: lineOf(record),
    functionKey: keyText(record.key),
    projectId: record.key.projectId,
    region,
    version: record.version,
    spec: record.spec,
    memoryMb: record.spec.memoryMb,
    digest: record.code.digest,
    codeDir,
  };
}

/** The `line` of a version's targets: a function that is deleted and created anew has another. */
export function lineOf(record: FunctionRecord): string {
  return `${record.id}:${record.version}`;
}

/** What the keys of a version's targets begin with; another after every change of the version. */
export function revisionKey(record: FunctionRecord): string {
  return `${lineOf(record)}:${record.revision}`;
}
