import { z } from "zod";
import type { Fault } from "../fault.ts";
import { IMAGE_USER, type ImageSpec } from "../image.ts";

/** The field of requests and replies that holds a function's image; ids are numbers in text. */
export const imageFields = {
  custom_image: z
    .looseObject({
      enabled: z.boolean().nullish(),
      image: z.string().nullish(),
      command: z.string().nullish(),
      args: z.string().nullish(),
      working_dir: z.string().nullish(),
      uid: z.string().nullish(),
      gid: z.string().nullish(),
    })
    .nullish(),
};

type ImageBody = z.infer<z.ZodObject<typeof imageFields>>["custom_image"];

/** True when a body names an image and does not say that it is off. */
export function hasImage(body: ImageBody): boolean {
  return body?.enabled !== false && (body?.image ?? "") !== "";
}

/** The image in a body, over what holds without it; `enabled: false` or a blank image takes it away. */
export function readImage(body: ImageBody, current: ImageSpec | undefined): ImageSpec | undefined | Fault[] {
  if (body === null || body === undefined) return current;
  if (!hasImage(body)) return undefined;
  const [uid, gid] = [readId(body.uid), readId(body.gid)];
  const faults = [
    ...(uid === undefined ? [wrongId("uid", body.uid)] : []),
    ...(gid === undefined ? [wrongId("gid", body.gid)] : []),
  ];
  if (uid === undefined || gid === undefined) return faults;
  return {
    reference: body.image ?? "",
    command: readList(body.command),
    args: readList(body.args),
    workingDir: body.working_dir ?? "",
    uid,
    gid,
  };
}

/** The image as requests and replies have it. */
export function imageToWire(image: ImageSpec | undefined): Record<string, unknown> {
  if (image === undefined) return {};
  return {
    custom_image: {
      enabled: true,
      image: image.reference,
      command: writeList(image.command),
      args: writeList(image.args),
      working_dir: image.workingDir,
      uid: String(image.uid),
      gid: String(image.gid),
    },
  };
}

/** Words with commas between them (guide table 3-10); a list in JSON is read too, for words that have commas. */
function readList(text: string | null | undefined): string[] {
  const given = text?.trim() ?? "";
  if (given === "") return [];
  if (given.startsWith("[")) {
    try {
      const list = z.array(z.string()).safeParse(JSON.parse(given));
      if (list.success) return list.data;
    } catch {
      // No JSON: a word that begins with a bracket.
    }
  }
  return given.split(",");
}

function writeList(words: readonly string[]): string {
  const plain = words.every((word) => !word.includes(",") && word.trim() === word && word !== "");
  return plain && words[0]?.startsWith("[") !== true ? words.join(",") : JSON.stringify(words);
}

/** -1 and nothing mean the default (guide 3.2.4). */
function readId(text: string | null | undefined): number | undefined {
  const given = text?.trim() ?? "";
  if (given === "" || given === "-1") return IMAGE_USER;
  return /^\d{1,9}$/.test(given) ? Number(given) : undefined;
}

function wrongId(property: string, value: unknown): Fault {
  return {
    property: `custom_image.${property}`,
    value,
    rule: "must be a number in text",
    fix: `Write "${IMAGE_USER}", or leave it out.`,
    code: "FSS.1034",
  };
}
