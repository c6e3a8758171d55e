import { EVENT_TEMPLATES, type EventTemplateName } from "../model/event-templates.ts";
import { UserError } from "./exit.ts";

/** Names of the sample events: the types of triggers in small letters. */
export const TEMPLATE_NAMES: readonly string[] = Object.keys(EVENT_TEMPLATES)
  .map((type) => type.toLowerCase())
  .sort();

/** The sample event of a source. Throws UserError for a name that is none. */
export function eventTemplate(name: string): object {
  const type = name.toUpperCase();
  if (isTemplate(type)) return EVENT_TEMPLATES[type];
  throw new UserError(
    `There is no sample event ${JSON.stringify(name)}. Use one of ${TEMPLATE_NAMES.join(", ")}.`,
  );
}

function isTemplate(type: string): type is EventTemplateName {
  return Object.hasOwn(EVENT_TEMPLATES, type);
}
