import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Change, Diff, Properties } from "../resource.ts";

const { Kind } = proto.PropertyDiff;
const KINDS = {
  update: { add: Kind.ADD, remove: Kind.DELETE, change: Kind.UPDATE },
  replace: { add: Kind.ADD_REPLACE, remove: Kind.DELETE_REPLACE, change: Kind.UPDATE_REPLACE },
};

/** A comparison in Pulumi's words: a reviewer reads one line for each property that changes. */
export function detailedDiff(
  diff: Diff & { readonly old: Properties; readonly next: Properties },
): proto.DiffResponse {
  const { changes, replace, deleteBeforeReplace } = diff;
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const reply = new proto.DiffResponse().setHasdetaileddiff(true);
  reply.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  reply.setDiffsList([...new Set(changes.map(({ property }) => topOf(property)))]);
  reply.setReplacesList([...new Set(replace.map(topOf))]);
  reply.setDeletebeforereplace(deleteBeforeReplace);
  for (const change of changes)
    reply
      .getDetaileddiffMap()
      .set(pathOf(change.property), new proto.PropertyDiff().setKind(kindOf(diff, change)));
  return reply;
}

function kindOf(diff: { readonly old: Properties; readonly next: Properties }, change: Change): number {
  const kinds = KINDS[change.kind];
  if (valueAt(diff.old, change.property) === undefined) return kinds.add;
  return valueAt(diff.next, change.property) === undefined ? kinds.remove : kinds.change;
}

function valueAt(values: Properties, property: string): unknown {
  const [top, key] = split(property);
  const value = values[top];
  return key === undefined ? value : (value as Properties | undefined)?.[key];
}

function topOf(property: string): string {
  return split(property)[0];
}

/** Keys of a map may be anything, so they are quoted where a bare word would not do. */
function pathOf(property: string): string {
  const [top, key] = split(property);
  if (key === undefined) return top;
  return /^\w+$/.test(key) ? `${top}.${key}` : `${top}[${JSON.stringify(key)}]`;
}

function split(property: string): [string, string?] {
  const dot = property.indexOf(".");
  return dot < 0 ? [property] : [property.slice(0, dot), property.slice(dot + 1)];
}
