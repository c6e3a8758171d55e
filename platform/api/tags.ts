import { z } from "zod";

import { formatFunctionUrn } from "../../model/names.ts";
import type { Tag } from "../../model/tag.ts";
import { readBody } from "../../model/wire/body.ts";
import { tagsFromWire } from "../../model/wire/tag.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { TaggedFunction } from "../store/tags.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { shown, targetOf } from "./target.ts";

/** Sets tags of a function; keys that are there already get the new value. FSS.0400 beyond the limit. */
function createTags(call: Call, context: ApiContext): Reply {
  const key = resourceOf(call, context);
  const change = accept(tagsFromWire(call.body, "create"));
  const tags = change.tags.map((tag) => ({ key: tag.key, value: tag.value ?? "" }));
  putTags(key, tags, context);
  return NO_CONTENT;
}

/** Sets tags within the limit of a function; throws FSS.0400 beyond it. */
export function putTags(key: FunctionKey, tags: readonly Tag[], context: ApiContext): void {
  checkTagRoom([...context.store.tags.list(key), ...tags], context);
  if (tags.length > 0) context.store.tags.put(key, tags);
}

/** FSS.0400 when there are more keys than a function may have. */
export function checkTagRoom(tags: readonly Tag[], { limits }: ApiContext): void {
  const count = new Set(tags.map((tag) => tag.key)).size;
  if (count <= limits.tagsPerFunction) return;
  throw new ApiError(
    "FSS.0400",
    `tags: the function would have ${count} tags, at most ${limits.tagsPerFunction} are allowed. Delete some first.`,
  );
}

/** Takes tags off; a tag with another value than the given one stays, and so does what is not there. */
function deleteTags(call: Call, context: ApiContext): Reply {
  const { store } = context;
  const key = resourceOf(call, context);
  const values = new Map(store.tags.list(key).map((tag) => [tag.key, tag.value]));
  const doomed = accept(tagsFromWire(call.body, "delete")).tags.filter(
    (tag) => tag.value === undefined || tag.value === "" || tag.value === values.get(tag.key),
  );
  store.tags.remove(
    key,
    doomed.map((tag) => tag.key),
  );
  return NO_CONTENT;
}

/** There are no system tags off the cloud, so theirs is an empty list. */
function listFunctionTags(call: Call, context: ApiContext): Reply {
  return ok({ tags: context.store.tags.list(resourceOf(call, context)), sys_tags: [] });
}

/** Every key of the project with its values. */
function showProjectTagsList(call: Call, { store }: ApiContext): Reply {
  checkType(call);
  const values = new Map<string, Set<string>>();
  for (const { key, value } of store.tags.all(call.projectId).flatMap(({ tags }) => tags)) {
    values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  const tags = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return ok({ tags: tags.map(([key, set]) => ({ key, values: [...set].sort() })), sys_tags: [] });
}

const whole = z
  .union([z.string().regex(/^\d+$/, "must be a whole number"), z.number().int().min(0)])
  .nullish();
const searchSchema = z.looseObject({
  without_any_tag: z.boolean().nullish(),
  limit: whole,
  offset: whole,
  matches: z.array(z.looseObject({ key: z.string(), value: z.string() })).nullish(),
  tags: z.array(z.looseObject({ key: z.string(), values: z.array(z.string()).nullish() })).nullish(),
  sys_tags: z.array(z.unknown()).nullish(),
});
type Search = z.infer<typeof searchSchema>;

const PAGE = 1000;

/**
 * `filter` lists the functions that fit every condition, `count` counts them. A tag fits by its key and any of its
 * values (no values: any); `matches` looks at `resource_name`, whole or in part.
 */
function showResInstanceInfo(call: Call, { store, place }: ApiContext): Reply {
  checkType(call);
  const action = call.parameters["action"] ?? "";
  if (action !== "filter" && action !== "count") {
    throw new ApiError("FSS.0400", `${shown(action)} is no action. Use "filter" or "count".`);
  }
  const search = accept(readBody(searchSchema, call.body ?? {}));
  // Nothing carries system tags, so nothing fits a search for one.
  const all = search.sys_tags?.length ? [] : store.tags.all(call.projectId);
  const found = all.filter((one) => fits(one, search));
  if (action === "count") return ok({ total_count: found.length });
  const offset = Number(search.offset ?? 0);
  const limit = Math.min(Number(search.limit ?? PAGE), PAGE);
  const resources = found.slice(offset, offset + limit).map(({ key, tags }) => {
    const urn = formatFunctionUrn({ region: place.region, ...key });
    return {
      resource_id: urn,
      resource_name: key.name,
      resource_detail: { detailId: urn },
      tags,
      sys_tags: [],
    };
  });
  return ok({ resources, total_count: found.length });
}

function fits({ key, tags }: TaggedFunction, search: Search): boolean {
  if (search.without_any_tag) return tags.length === 0 && named(key.name, search);
  const tagged = (search.tags ?? []).every((wanted) => {
    const tag = tags.find((one) => one.key === wanted.key);
    return tag !== undefined && (!wanted.values?.length || wanted.values.includes(tag.value));
  });
  return tagged && named(key.name, search);
}

function named(name: string, { matches }: Search): boolean {
  return (matches ?? []).every(({ key, value }) => key === "resource_name" && name.includes(value));
}

/** The function of `{resource_id}`: its URN, its id, or `id:name` as replies write it. */
function resourceOf(call: Call, context: ApiContext): FunctionKey {
  checkType(call);
  const text = call.parameters["resource_id"] ?? "";
  const [id] = text.split(":");
  const known = text.startsWith("urn:")
    ? undefined
    : context.store.functions.list(call.projectId).find((one) => one.id === id);
  if (known !== undefined) return known.key;
  return targetOf({ ...call, parameters: { function_urn: text } }, context).key;
}

function checkType(call: Call): void {
  const type = call.parameters["resource_type"] ?? "";
  if (type === "functions") return;
  throw new ApiError("FSS.0400", `${shown(type)} is no kind of resource that has tags. Use "functions".`);
}

/** Tags of functions. */
export const tagsOperations = {
  CreateTags: createTags,
  DeleteTags: deleteTags,
  ListFunctionTags: listFunctionTags,
  ShowProjectTagsList: showProjectTagsList,
  ShowResInstanceInfo: showResInstanceInfo,
} satisfies Operations;
