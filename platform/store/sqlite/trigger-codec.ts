import { secretFieldsOf } from "../../../model/event-sources.ts";
import type { TriggerSpec } from "../../../model/trigger.ts";
import type { SecretBox } from "../secrets.ts";

/** What a row has: a trigger without its secrets, and those sealed. */
type Stored = TriggerSpec & { readonly sealed?: string };

/** The one door between rows and triggers: passwords of event sources are sealed on the way in and opened on the way out. */
export class TriggerCodec {
  readonly #box: SecretBox;

  constructor(box: SecretBox) {
    this.#box = box;
  }

  /** @param id the trigger that the sealed text is bound to */
  write(id: string, spec: TriggerSpec): string {
    const names = secretFieldsOf(spec.type);
    const data = Object.entries(spec.eventData);
    const secrets = data.filter(([name]) => names.includes(name));
    if (secrets.length === 0) return JSON.stringify(spec);
    const sealed = this.#box.seal(JSON.stringify(Object.fromEntries(secrets)), owner(id)).toString("base64");
    const eventData = Object.fromEntries(data.filter(([name]) => !names.includes(name)));
    return JSON.stringify({ ...spec, eventData, sealed });
  }

  read(id: string, text: string): TriggerSpec {
    const { sealed, ...spec } = JSON.parse(text) as Stored;
    if (sealed === undefined) return spec;
    const secrets = this.#box.open(Buffer.from(sealed, "base64"), owner(id));
    return { ...spec, eventData: { ...spec.eventData, ...(JSON.parse(secrets) as object) } };
  }
}

function owner(id: string): string {
  return `trigger ${id}`;
}
