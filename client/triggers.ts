import type { TriggerSpec, TriggerStatus, TriggerType } from "../model/trigger.ts";
import { type TriggerReply, triggerReplyFromWire, triggerToBody } from "../model/wire/trigger.ts";
import { readItems } from "./pages.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** Calls about triggers. A `urn` may name a version or an alias, which the trigger then calls. */
export class Triggers {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  create(urn: string, spec: TriggerSpec): Promise<TriggerReply> {
    const call = { method: "POST", path: this.#paths.triggers(urn), body: triggerToBody(spec) } as const;
    return this.#transport.json(call, triggerReplyFromWire);
  }

  get(urn: string, type: TriggerType, id: string): Promise<TriggerReply> {
    const path = this.#paths.triggers(urn, type, id);
    return this.#transport.json({ method: "GET", path }, triggerReplyFromWire);
  }

  async list(urn: string): Promise<TriggerReply[]> {
    const call = { method: "GET", path: this.#paths.triggers(urn) } as const;
    const list = await this.#transport.json(call, (body) => readItems(body, triggerReplyFromWire));
    return list.all;
  }

  /** Switches a trigger on or off; everything else of a trigger is fixed. */
  setStatus(
    urn: string,
    trigger: Pick<TriggerReply, "id" | "spec">,
    status: TriggerStatus,
  ): Promise<TriggerReply> {
    const { type, eventData } = trigger.spec;
    const body = { trigger_status: status, event_data: eventData };
    const path = this.#paths.triggers(urn, type, trigger.id);
    return this.#transport.json({ method: "PUT", path, body }, triggerReplyFromWire);
  }

  async delete(urn: string, type: TriggerType, id: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#paths.triggers(urn, type, id) });
  }
}
