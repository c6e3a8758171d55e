import type { Fault } from "../model/fault.ts";
import type { ReservedInstancesSpec } from "../model/reserved-instances.ts";
import { reservedInstancesFromRow, reservedInstancesToWire } from "../model/wire/reserved-instances.ts";
import { readItems } from "./pages.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** Calls about reserved instances (guide 3.10). Every `urn` names a version or an alias. */
export class ReservedInstances {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  /** What is reserved; undefined when nothing is. */
  async get(urn: string): Promise<ReservedInstancesSpec | undefined> {
    const path = `${this.#paths.functions()}/reservedinstanceconfigs`;
    const call = { method: "GET", path, query: { function_urn: urn } } as const;
    const list = await this.#transport.json(call, readRows);
    return list.all[0];
  }

  /** Reserves from now on what is given and nothing else; a count of 0 without policies ends it. */
  async put(urn: string, spec: ReservedInstancesSpec): Promise<void> {
    const path = this.#paths.function(urn, "reservedinstances");
    await this.#transport.send({ method: "PUT", path, body: reservedInstancesToWire(spec) });
  }
}

function readRows(body: unknown): { readonly all: ReservedInstancesSpec[] } | Fault[] {
  const { reserved_instances: rows } = (body ?? {}) as { reserved_instances?: unknown };
  return readItems(rows, reservedInstancesFromRow);
}
