import type { AsyncDestination } from "../store/async-configs.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import type { Store } from "../store/store.ts";
import type { ApiContext } from "./operation.ts";
import { listenersOf } from "../triggers/subscribers.ts";

/** Where loops are looked for. */
interface Surroundings {
  readonly store: Pick<Store, "asyncConfigs" | "topics" | "triggers">;
  /** In the URNs of topics. */
  readonly region: string;
}

/** Sentences about ways along destinations that lead from functions back to them, each circle once. */
export function loopsFrom(starts: readonly FunctionKey[], { store, place }: ApiContext): string[] {
  const around = { store, region: place.region };
  const ways = new Map<string, string>();
  for (const start of starts) {
    const way = wayBack(start, keyText(start), around, new Set());
    if (way !== undefined) ways.set(way.map(keyText).toSorted().join(), sentenceOf([start, ...way]));
  }
  return [...ways.values()];
}

function sentenceOf(way: readonly FunctionKey[]): string {
  const names = way.map(({ name }) => name).join(" -> ");
  return `Destinations lead in a circle: ${names}. Each call goes round until 16 have followed each other; take one of the destinations out.`;
}

function wayBack(
  from: FunctionKey,
  home: string,
  around: Surroundings,
  seen: Set<string>,
): FunctionKey[] | undefined {
  for (const { config } of around.store.asyncConfigs.list(from)) {
    for (const next of [config.onSuccess, config.onFailure].flatMap((one) =>
      functionsIn(one, from.projectId, around),
    )) {
      if (seen.has(keyText(next))) continue;
      if (keyText(next) === home) return [next];
      seen.add(keyText(next));
      const rest = wayBack(next, home, around, seen);
      if (rest !== undefined) return [next, ...rest];
    }
  }
  return undefined;
}

/** The functions that a destination calls: itself, or who listens to a topic. */
function functionsIn(
  destination: AsyncDestination | undefined,
  projectId: string,
  around: Surroundings,
): FunctionKey[] {
  if (destination?.kind === "function") return [destination.key];
  if (destination?.kind !== "topic") return [];
  const { topic } = destination;
  return listenersOf({ region: around.region, projectId, topic }, around.store);
}
