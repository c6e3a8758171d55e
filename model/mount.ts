import type { Fault } from "./fault.ts";

/** One file system where a function sees it. */
interface MountSpec {
  /** Id of a file system of the project. */
  readonly fileSystemId: string;
  /** Absolute, for example `/mnt/data`. */
  readonly path: string;
}

/** File systems of a function, and as whom it uses them (guide 3.3.5). */
export interface MountsSpec {
  readonly userId: number;
  readonly groupId: number;
  readonly mounts: readonly MountSpec[];
}

/** Whom a function is that says -1, or nothing (FAQ 3.3). */
export const MOUNT_USER = 1003;
const MOST_ID = 65_534;
/** Ids that the runtimes' own files have. */
const TAKEN_IDS = [0, 1000, 1002];
const MOST_MOUNTS = 5;
const PATH_LENGTH = 255;
/** Folders of the runtimes; a mount would hide what is in them. */
const SYSTEM = [
  "bin",
  "boot",
  "dev",
  "etc",
  "home",
  "lib",
  "lib32",
  "lib64",
  "libx32",
  "opt",
  "proc",
  "root",
  "run",
  "sbin",
  "sys",
  "tmp",
  "usr",
  "var",
];
/** Exist, and are there for folders of users. */
const OPEN = ["media", "mnt", "srv"];

/** All faults of a function's mounts but that there is no such file system, by the names of MountsSpec. */
export function checkMounts({ userId, groupId, mounts }: MountsSpec): Fault[] {
  const faults = [...checkId("userId", userId), ...checkId("groupId", groupId)];
  if (mounts.length > MOST_MOUNTS)
    faults.push({
      property: "mounts",
      rule: `a function mounts ${MOST_MOUNTS} file systems at most, and these are ${mounts.length}`,
      fix: "Put what belongs together into one.",
      code: "FSS.1049",
    });
  for (const [index, mount] of mounts.entries())
    faults.push(...checkPath(mount.path, `mounts[${index}].path`), ...checkTwins(mount, index, mounts));
  return faults;
}

function checkId(property: string, value: number): Fault[] {
  const whole = Number.isInteger(value) && value >= -1 && value <= MOST_ID;
  if (whole && !TAKEN_IDS.includes(value)) return [];
  return [
    {
      property,
      value,
      rule: `must be -1 or a whole number from 1 to ${MOST_ID}, but not ${TAKEN_IDS.slice(1).join(" or ")}, which belong to the runtimes`,
      fix: `Leave it out, which means ${MOUNT_USER}.`,
      code: "FSS.1075",
    },
  ];
}

function checkPath(value: string, property: string): Fault[] {
  const fault = { property, value, code: "FSS.1039" };
  const parts = value.split("/").slice(1);
  const plain = value.startsWith("/") && parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part));
  if (!plain || value.length > PATH_LENGTH)
    return [
      {
        ...fault,
        rule: "must be an absolute path of letters, digits, _, - and . between slashes",
        fix: 'Write "/mnt/data", for example.',
      },
    ];
  const [first = ""] = parts;
  if (!SYSTEM.includes(first) && !(OPEN.includes(first) && parts.length === 1)) return [];
  const fix = `Write "/mnt/${parts.at(-1) === first ? "data" : (parts.at(-1) ?? "data")}", for example.`;
  return [{ ...fault, rule: `failed to mount exist system path: /${first} is one of the runtime`, fix }];
}

function checkTwins(mount: MountSpec, index: number, mounts: readonly MountSpec[]): Fault[] {
  const before = mounts.slice(0, index);
  const faults: Fault[] = [];
  if (before.some(({ fileSystemId }) => fileSystemId === mount.fileSystemId))
    faults.push({
      property: `mounts[${index}].fileSystemId`,
      value: mount.fileSystemId,
      rule: "is mounted twice",
      fix: "Mount each file system of a function once.",
      code: "FSS.1038",
    });
  const other = before.find(
    ({ path }) => `${path}/`.startsWith(`${mount.path}/`) || `${mount.path}/`.startsWith(`${path}/`),
  );
  if (other !== undefined)
    faults.push({
      property: `mounts[${index}].path`,
      value: mount.path,
      rule: `lies in the same place as the mount at ${other.path}`,
      fix: "Choose paths that are not inside each other.",
      code: "FSS.1039",
    });
  return faults;
}
