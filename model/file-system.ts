import { parseAddress } from "./address-range.ts";
import type { Fault } from "./fault.ts";
import { checkName } from "./name-rules.ts";
import { isHostName } from "./vpc.ts";

/** An export of an NFS server. */
export interface NfsExport {
  /** Name or address. */
  readonly server: string;
  /** Absolute. */
  readonly path: string;
}

/** Files that functions share (guide 3.3.5): a folder that the platform keeps, or an export of an NFS server. */
export interface FileSystemSpec {
  readonly name: string;
  /** Left out: the platform keeps the files. Never changes. */
  readonly nfs?: NfsExport;
}

const PATH_LENGTH = 1024;
const NFS = "FSS.1096";

/** All faults of a file system, by the names of FileSystemSpec. */
export function checkFileSystem({ name, nfs }: FileSystemSpec): Fault[] {
  const faults = checkName("network", name);
  if (nfs === undefined) return faults;
  const { server, path } = nfs;
  if (parseAddress(server) === undefined && !isHostName(server.toLowerCase()))
    faults.push({
      property: "nfs.server",
      value: server,
      rule: "must be the name or IPv4 address of an NFS server",
      fix: 'Write "10.1.1.9", for example.',
      code: NFS,
    });
  if (!isPlainPath(path))
    faults.push({
      property: "nfs.path",
      value: path,
      rule: "must be the absolute path of the export, without .. and commas",
      fix: 'Write "/exports/shop", for example.',
      code: NFS,
    });
  return faults;
}

/** Options of a mount are divided by commas. */
function isPlainPath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- a mount would end at one
  return path.length <= PATH_LENGTH && /^\/[^,\x00-\x1f]*$/.test(path) && !path.split("/").includes("..");
}
