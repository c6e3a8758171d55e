import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** The container image of a function (guide 3.2.4). */
export interface ImageSpec {
  /** Address of the image: registry, repository and tag or digest. */
  readonly reference: string;
  /** Replaces the image's entry point; empty: the image's own. */
  readonly command: readonly string[];
  /** Replaces the image's arguments; empty: the image's own. */
  readonly args: readonly string[];
  /** Absolute; empty: the image's own. */
  readonly workingDir: string;
  readonly uid: number;
  readonly gid: number;
}

/** User and group of a container that names none (guide 3.2.4). */
export const IMAGE_USER = 1003;

/** Registry with port, repository, tag and digest, as engines read them. */
const REFERENCE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
const CODE = "FSS.1034";

/** All faults of an image's settings, by the names of ImageSpec. */
export function checkImage(image: ImageSpec): Fault[] {
  return [
    ...checkReference(image.reference),
    ...checkStart(image),
    ...checkUser("uid", image.uid),
    ...checkUser("gid", image.gid),
  ];
}

function checkReference(value: string): Fault[] {
  if (value.length <= LIMITS.imageReferenceLength && REFERENCE.test(value)) return [];
  return [
    {
      property: "reference",
      value,
      rule: "must be the address of a container image: registry, repository and tag or digest, without a scheme",
      fix: 'Write "registry.example.com/team/shop:1.4", for example.',
      code: CODE,
    },
  ];
}

function checkStart({ command, args, workingDir }: ImageSpec): Fault[] {
  const faults: Fault[] = [];
  const characters = [...command, ...args, workingDir].join("").length;
  if (characters > LIMITS.imageStartCharacters)
    faults.push({
      property: "command",
      rule: `command, args and workingDir have ${characters} characters together, at most ${LIMITS.imageStartCharacters} are allowed`,
      fix: "Move what is long into the image, or into an environment variable.",
      code: CODE,
    });
  if (workingDir !== "" && !workingDir.startsWith("/"))
    faults.push({
      property: "workingDir",
      value: workingDir,
      rule: "must be the path of a folder in the image that begins with a slash",
      fix: 'Write "/home/app", for example, or leave it out.',
      code: CODE,
    });
  return faults;
}

function checkUser(property: "uid" | "gid", value: number): Fault[] {
  const { min, max } = LIMITS.imageUser;
  if (Number.isInteger(value) && value >= min && value <= max) return [];
  return [
    {
      property,
      value,
      rule: `must be a whole number from ${min} to ${max}: root and the ids below are reserved`,
      fix: `Leave it out, which means ${IMAGE_USER}.`,
      code: CODE,
    },
  ];
}
