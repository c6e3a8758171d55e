import type * as pulumi from "@pulumi/pulumi";
import { MOUNT_USER, type MountsSpec } from "../model/mount.ts";
import { knownOr } from "./internal/known.ts";

/** A function's place in a VPC: `vpc.subnet("front")`. */
export interface NetworkArgs {
  /** Id of the VPC: `vpc.vpcId`. */
  vpcId: pulumi.Input<string>;
  /** Id of the subnet that the function's instances take their addresses from. */
  subnetId: pulumi.Input<string>;
}

/** One file system where a function sees it: `files.at("/mnt/files")`. */
export interface MountArgs {
  /** Id of the file system: `files.fileSystemId`. */
  fileSystemId: pulumi.Input<string>;
  /** Absolute path that the runtimes do not have yet, for example `/mnt/files`. */
  path: string;
}

/** The file systems of a function, and as whom it uses them (guide 3.3.5). */
export interface FileSystemsArgs {
  /** At most five, at paths that are not inside each other. */
  mounts: MountArgs[];
  /**
   * User that the function is, and whose its files are: 1–65534 but not 1000 and 1002, or −1 for 1003. Defaults to −1.
   *
   * @default -1
   */
  userId?: pulumi.Input<number>;
  /**
   * Group that the function is in; numbers as for `userId`. Defaults to −1.
   *
   * @default -1
   */
  groupId?: pulumi.Input<number>;
}

const ANY = "00000000-0000-4000-8000-000000000000";
const DEFAULT_ID = -1;

/** What the provider is told. */
export function fileSystemsInputs({ mounts, userId, groupId }: FileSystemsArgs): pulumi.Inputs {
  return {
    userId: userId ?? DEFAULT_ID,
    groupId: groupId ?? DEFAULT_ID,
    mounts: mounts.map(({ fileSystemId, path }) => ({ fileSystemId, path })),
  };
}

/** As far as it is known; what is not breaks no rule. */
export function knownFileSystems({ mounts, userId, groupId }: FileSystemsArgs): MountsSpec {
  return {
    userId: knownOr(userId ?? DEFAULT_ID, MOUNT_USER),
    groupId: knownOr(groupId ?? DEFAULT_ID, MOUNT_USER),
    mounts: mounts.map(({ fileSystemId, path }, index) => ({
      fileSystemId: knownOr(fileSystemId, `${ANY}${index}`),
      path,
    })),
  };
}
