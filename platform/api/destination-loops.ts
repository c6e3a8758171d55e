import type { SourceData } from "../../model/event-source.ts";
import { parseFunctionUrn } from "../../model/names.ts";
import type { TriggerSpec } from "../../model/trigger.ts";
import type { AsyncDestination } from "../store/async-configs.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import type { Store } from "../store/store.ts";
import { topicUrn } from "../triggers/publication.ts";

/** Where loops are looked for. */
interface Surroundings {
  readonly store: Pick<Store, "asyncConfigs" | "topics" | "triggers">;
  /** In the URNs of topics. */
  readonly region: string;
}

/** A sentence about a way along destinations that leads from a function back to it; undefined when there is none. */
export function loopFrom(start: FunctionKey, around: Surroundings): string | undefined {
  const way = wayBack(start, keyText(start), around, new Set());
  if (way === undefined) return undefined;
  const names = [start, ...way].map(({ name }) => name).join(" -> ");
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
  return [...subscribersOf(projectId, topic, around), ...triggeredBy(projectId, topic, around)];
}

function subscribersOf(projectId: string, topic: string, { store, region }: Surroundings): FunctionKey[] {
  return store.topics
    .subscriptions(projectId, topic)
    .filter(({ protocol }) => protocol === "function")
    .flatMap(({ endpoint }) => {
      const urn = parseFunctionUrn(endpoint, { region, projectId });
      return urn === undefined ? [] : [{ projectId: urn.projectId, package: urn.package, name: urn.name }];
    });
}

function triggeredBy(projectId: string, topic: string, { store, region }: Surroundings): FunctionKey[] {
  const urn = topicUrn(region, projectId, topic);
  return store.triggers
    .all()
    .filter(({ key, spec }) => key.projectId === projectId && spec.type === "SMN" && topicOf(spec) === urn)
    .map(({ key }) => key);
}

function topicOf({ eventData }: TriggerSpec): unknown {
  return (eventData as SourceData)["topic_urn"];
}
