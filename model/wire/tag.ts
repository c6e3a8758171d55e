import { z } from "zod";
import type { Fault } from "../fault.ts";
import { checkTags, type Tag } from "../tag.ts";
import { readBody } from "./body.ts";

const tagSchema = z.looseObject({
  key: z.string(),
  value: z
    .string()
    .nullish()
    .transform((text) => text ?? undefined),
});
const changeSchema = z.looseObject({
  action: z.string().nullish(),
  tags: z.array(tagSchema).nullish(),
  sys_tags: z.array(z.unknown()).nullish(),
});

/** Tags to set, or the keys to take off; where a value is given with a key, only that value is taken off. */
export interface TagChange {
  readonly tags: readonly { readonly key: string; readonly value?: string | undefined }[];
}

/** Body of CreateTags and DeleteTags; `action` may repeat what the path says. */
export function tagsFromWire(body: unknown, action: "create" | "delete"): TagChange | Fault[] {
  const read = readBody(changeSchema, body);
  if (Array.isArray(read)) return read;
  const tags = read.tags ?? [];
  const faults = [
    ...(read.action && read.action !== action
      ? [wrong("action", read.action, `must be "${action}" at this path`, "Leave it out.")]
      : []),
    ...(read.sys_tags?.length
      ? [wrong("sys_tags", undefined, "system tags are the cloud's", "Leave the field out.")]
      : []),
    ...(tags.length === 0 ? [wrong("tags", [], "is empty", 'Send [{"key": "team", "value": "a"}].')] : []),
    ...checkTags(tags.map(({ key, value = "" }) => ({ key, value }))),
  ];
  return faults.length > 0 ? faults : { tags };
}

/** `tags` of CreateFunction: a JSON text with an array of keys and values, or with one object of them. */
export function tagTextFromWire(text: string | null | undefined): { tags: readonly Tag[] } | Fault[] {
  if (!text) return { tags: [] };
  const read = textSchema.safeParse(parse(text));
  if (!read.success) {
    return [
      wrong(
        "tags",
        text,
        "is no JSON text of keys and values",
        'Write "{\\"team\\": \\"a\\"}", for example.',
      ),
    ];
  }
  const given = Array.isArray(read.data)
    ? read.data
    : Object.entries(read.data).map(([key, value]) => ({ key, value }));
  const tags = given.map(({ key, value = "" }) => ({ key, value }));
  const faults = checkTags(tags);
  return faults.length > 0 ? faults : { tags };
}

const textSchema = z.union([z.array(tagSchema), z.record(z.string(), z.string())]);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(property: string, value: unknown, rule: string, fix: string): Fault {
  return { property, value, rule, fix, code: "FSS.0400" };
}
