import type { Fault } from "../../model/fault.ts";
import { parseFunctionUrn } from "../../model/names.ts";
import { LATEST } from "../../model/version.ts";
import type { AsyncDestination } from "../store/async-configs.ts";
import type { Store } from "../store/store.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import type { ApiContext } from "./operation.ts";

/** The one kind of destination that this platform has. */
export const FUNCTION = "FunctionGraph";

const CLOUD_SERVICES = ["OBS", "SMN", "DIS"];

/** What a body names as destination; undefined when it names none. Faults for kinds that are not there yet. */
export function readDestination(
  property: string,
  given:
    | { readonly destination?: string | null | undefined; readonly param?: string | null | undefined }
    | null
    | undefined,
  own: FunctionKey,
  { store, place }: ApiContext,
): AsyncDestination | undefined | Fault[] {
  const kind = given?.destination ?? "";
  if (kind === "") return undefined;
  if (kind !== FUNCTION) return [unknownKind(`${property}.destination`, kind)];
  const param = given?.param ?? "";
  const urn = urnIn(param);
  const target = urn === undefined ? undefined : parseFunctionUrn(urn, { region: place.region, ...own });
  const example = `{"func_urn":"urn:fss:${place.region}:${own.projectId}:function:default:<name>:latest"}`;
  const fault = (rule: string, fix: string): Fault[] => [
    { property: `${property}.param`, value: param, rule, fix, code: "FSS.0400" },
  ];
  if (target === undefined) {
    return fault(
      "must be the JSON text of an object with the function's URN as func_urn",
      `Write ${example}.`,
    );
  }
  if (target.projectId !== own.projectId || target.region !== place.region)
    return fault("names a function of another project or region", `Name one of this project: ${example}.`);
  const key = { projectId: target.projectId, package: target.package, name: target.name };
  const qualifier = target.alias === undefined ? (target.version ?? LATEST) : `!${target.alias}`;
  const there =
    target.alias === undefined
      ? store.versions.find(key, qualifier) !== undefined
      : store.aliases.find(key, target.alias) !== undefined;
  return there
    ? { key, qualifier, param }
    : fault(
        "names a function, version or alias that does not exist",
        "Create it first, or name one that is there.",
      );
}

function urnIn(param: string): string | undefined {
  try {
    const { func_urn: urn } = JSON.parse(param) as { func_urn?: unknown };
    return typeof urn === "string" ? urn : undefined;
  } catch {
    return undefined;
  }
}

function unknownKind(property: string, value: string): Fault {
  const service = CLOUD_SERVICES.includes(value);
  return {
    property,
    value,
    rule: service ? "is a service that this platform does not have yet" : `must be ${FUNCTION}`,
    fix: `Use "${FUNCTION}" and let the function that it names pass the result on.`,
    code: "FSS.0400",
  };
}

/** A sentence about a way along destinations that leads from a function back to it; undefined when there is none. */
export function loopFrom(start: FunctionKey, store: Pick<Store, "asyncConfigs">): string | undefined {
  const way = wayBack(start, keyText(start), store, new Set());
  if (way === undefined) return undefined;
  const names = [start, ...way].map(({ name }) => name).join(" -> ");
  return `Destinations lead in a circle: ${names}. Each call goes round for ever; take one of the destinations out.`;
}

function wayBack(
  from: FunctionKey,
  home: string,
  store: Pick<Store, "asyncConfigs">,
  seen: Set<string>,
): FunctionKey[] | undefined {
  for (const { config } of store.asyncConfigs.list(from)) {
    for (const next of [config.onSuccess?.key, config.onFailure?.key]) {
      if (next === undefined || seen.has(keyText(next))) continue;
      if (keyText(next) === home) return [next];
      seen.add(keyText(next));
      const rest = wayBack(next, home, store, seen);
      if (rest !== undefined) return [next, ...rest];
    }
  }
  return undefined;
}
