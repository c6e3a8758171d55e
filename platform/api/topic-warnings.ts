import { TOPIC_NAME } from "../../model/topic.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { topicUrn } from "../triggers/publication.ts";
import { ownTopicOf } from "../triggers/subscribers.ts";
import { loopsFrom } from "./destination-loops.ts";
import type { ApiContext } from "./operation.ts";
import { shown } from "./target.ts";

/**
 * What is to be said of a trigger that is kept and switched on: that no message comes to it, because its topic is not here or is not
 * there yet, and that its messages go in a circle. Nothing of triggers of other sources. The service takes any URN, so none is refused.
 */
export function topicWarnings(trigger: TriggerRecord, context: ApiContext): string[] {
  const { key, spec } = trigger;
  if (spec.type !== "SMN" || spec.status !== "ACTIVE") return [];
  const { projectId } = key;
  const { region } = context.place;
  const topic = ownTopicOf(trigger, region);
  if (topic === undefined)
    return [
      `The topic of this trigger of ${shown(key.name)} is of another project or region, of which no message comes here. For a topic of this project write ${topicUrn(region, projectId, "<topic>")}.`,
    ];
  if (context.store.topics.exists(projectId, topic)) return loopsFrom([key], context);
  // The name comes from outside, and is to be typed into a shell.
  const fix = TOPIC_NAME.test.test(topic)
    ? `An administrator makes it: fungraph topics create ${topic}, or POST /fungraph/v1/projects/${projectId}/topics with its name.`
    : `There can be none: the name of a topic ${TOPIC_NAME.rule}. Name another one.`;
  return [
    `The project has no topic ${shown(topic)}, so nothing calls the function ${shown(key.name)} for it until there is one. ${fix}`,
  ];
}
