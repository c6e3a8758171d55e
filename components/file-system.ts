import type * as pulumi from "@pulumi/pulumi";
import { renamed } from "../model/declaration.ts";
import { checkFileSystem } from "../model/file-system.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import type { MountArgs } from "./placement.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:FileSystem";

/** What an NFS server exports. */
export interface NfsExportArgs {
  /** Name or IPv4 address of the server, which the platform's machine reaches. */
  server: pulumi.Input<string>;
  /** Absolute path that it exports: `"/exports/shop"`. */
  path: pulumi.Input<string>;
}

/** Arguments of a file system. */
export interface FileSystemArgs {
  /**
   * Export of an NFS server. Defaults to none: the platform keeps the files in its data folder, and deletes them with this
   * resource. Cannot change once the file system exists.
   *
   * @default - the platform keeps the files
   */
  nfs?: NfsExportArgs;
  /**
   * Name of the file system: a letter, then letters, digits, `-` and `_`, at most 60 characters. Defaults to the resource's
   * own name.
   *
   * @default - the resource's name
   */
  fileSystemName?: string;
}

/**
 * Files that functions share and that outlast their instances (guide 3.3.5). Needs a platform on Docker.
 *
 * ```ts
 * const files = new fg.FileSystem("files", {});
 * new fg.Function("resize", { ...resize, fileSystems: { mounts: [files.at("/mnt/files")] } });
 * ```
 *
 * A function with file systems starts without a spare instance: its container is made for it.
 */
export class FileSystem extends Resource {
  /** Id of the file system. */
  declare readonly fileSystemId: pulumi.Output<string>;

  constructor(name: string, args: FileSystemArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { ...fileSystemInputs(name, args), fileSystemId: undefined }, opts);
  }

  /** The file system where a function sees it, for the `mounts` of its `fileSystems`. */
  at(path: string): MountArgs {
    return { fileSystemId: this.fileSystemId, path };
  }
}

function fileSystemInputs(name: string, { nfs, fileSystemName = name }: FileSystemArgs): pulumi.Inputs {
  const known = nfs && { nfs: { server: knownOr(nfs.server, "nfs"), path: knownOr(nfs.path, "/") } };
  const faults = checkFileSystem({ name: fileSystemName, ...known });
  failOn({ kind: "FileSystem", name }, renamed(faults, { name: "fileSystemName" }));
  return { name: fileSystemName, nfs: nfs && { server: nfs.server, path: nfs.path } };
}
