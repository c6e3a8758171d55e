import { z } from "zod";
import type { Fault } from "../fault.ts";
import type { MountsSpec } from "../mount.ts";

/** The field of requests and replies that holds a function's file systems. */
export const mountFields = {
  mount_config: z
    .looseObject({
      mount_user: z
        .looseObject({ user_id: z.number().nullish(), user_group_id: z.number().nullish() })
        .nullish(),
      func_mounts: z
        .array(z.looseObject({ mount_resource: z.string(), local_mount_path: z.string() }))
        .nullish(),
    })
    .nullish(),
};

type MountBody = z.infer<z.ZodObject<typeof mountFields>>["mount_config"];

/** -1 and nothing mean the default. */
const DEFAULT_ID = -1;
/** Kind of a file system on the wire. What it really is stands with the file system itself. */
const MOUNT_TYPE = "sfsTurbo";

/** The file systems in a body, over what holds without it; an empty list takes them away. */
export function readMounts(body: MountBody, current: MountsSpec | undefined): MountsSpec | undefined {
  if (body === null || body === undefined) return current;
  const { mount_user: user, func_mounts: mounts = [] } = body;
  if (mounts === null || mounts.length === 0) return undefined;
  return {
    userId: user?.user_id ?? DEFAULT_ID,
    groupId: user?.user_group_id ?? DEFAULT_ID,
    mounts: mounts.map((one) => ({ fileSystemId: one.mount_resource, path: one.local_mount_path })),
  };
}

/** The file systems as replies have them. */
export function mountsToWire(spec: MountsSpec | undefined): Record<string, unknown> {
  if (spec === undefined) return {};
  const { userId, groupId, mounts } = spec;
  return {
    mount_config: {
      mount_user: { user_id: userId, user_group_id: groupId },
      func_mounts: mounts.map(({ fileSystemId, path }) => ({
        mount_type: MOUNT_TYPE,
        mount_resource: fileSystemId,
        mount_share_path: "",
        local_mount_path: path,
        status: "active",
      })),
    },
  };
}

/** What the update body says where there are none: nothing is left over from before. */
export const NO_MOUNTS = {
  mount_config: { mount_user: { user_id: DEFAULT_ID, user_group_id: DEFAULT_ID }, func_mounts: [] },
};

/** Names a fault of a function's file systems as the wire does. */
export function mountFaultOnTheWire(fault: Fault): Fault {
  const property = fault.property
    .replace(/^fileSystems/, "mount_config")
    .replace(/\.userId$/, ".mount_user.user_id")
    .replace(/\.groupId$/, ".mount_user.user_group_id")
    .replace(/\.mounts/, ".func_mounts")
    .replace(/\.fileSystemId$/, ".mount_resource")
    .replace(/\.path$/, ".local_mount_path");
  return { ...fault, property };
}
