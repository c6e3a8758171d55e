import type { DependencyVersion } from "../../model/dependency.ts";
import type { DependencyUpload } from "../../model/wire/dependency.ts";
import type { DependencyDraft } from "../store/dependencies.ts";
import { checkDependency, digestCode } from "../workshop/workshop.ts";
import { refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { usableDependency } from "./dependency-use.ts";
import { takeCodeRoom } from "./function-code.ts";
import type { ApiContext, Call } from "./operation.ts";
import { shown } from "./target.ts";

/** Checks an upload by every rule and stores its archive; no version names it yet. */
export async function storeDependency(
  upload: DependencyUpload,
  call: Call,
  context: ApiContext,
): Promise<DependencyDraft> {
  const { store } = context;
  const archive = upload.file ?? (await linkedArchive(upload.link ?? "", call, context));
  const faults = await checkDependency(`${upload.spec.name}.zip`, archive);
  if (faults.length > 0) throw refusal(faults.map((fault) => ({ ...fault, property: "depend_file" })));
  takeCodeRoom(archive.length, call.projectId, context);
  const { digest, size } = await store.code.put(archive);
  const etag = await digestCode("md5", archive);
  return { owner: call.projectId, spec: upload.spec, digest, etag, size };
}

/** Where the archive of a version is. */
export function archiveLink({ dependencyId, version }: DependencyVersion, call: Call): string {
  return `${call.publicUrl}/v2/${call.projectId}/fgs/dependencies/${dependencyId}/version/${version}/archive`;
}

const LINK = /\/fgs\/dependencies\/([^/]+)\/version\/(\d+)\/archive$/;

/** Off the cloud there is no object store to fetch from: a link is one that this platform gave. */
async function linkedArchive(link: string, call: Call, context: ApiContext): Promise<Buffer> {
  const [, dependencyId = "", version = ""] = LINK.exec(link) ?? [];
  const known = usableDependency(dependencyId, call.projectId, context);
  const found =
    known &&
    context.store.dependencies.versions(known.dependencyId).find((one) => String(one.version) === version);
  if (found !== undefined) return context.store.code.read(found.digest);
  throw new ApiError(
    "FSS.1010",
    `depend_link: this platform fetches no archive from ${shown(link)}. Give the link that it shows for a dependency version, or send the archive itself with depend_type "zip".`,
  );
}
