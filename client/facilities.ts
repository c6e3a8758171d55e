import { z } from "zod";
import type { Fault } from "../model/fault.ts";
import { readBody } from "../model/wire/body.ts";
import type { FacilityForm } from "../model/wire/facility.ts";
import { readItems } from "./pages.ts";
import type { Transport } from "./transport.ts";

/** A VPC, a NAT gateway or a file system as the platform has it. */
export interface Placed<Spec> {
  readonly id: string;
  readonly spec: Spec;
}

/** Calls about one kind of what functions are placed in. Administrators alone may make them. */
export class Facilities<Spec extends { readonly name: string }> {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #form: FacilityForm<Spec>;

  constructor(transport: Transport, projectId: string, form: FacilityForm<Spec>) {
    this.#transport = transport;
    this.#path = `/fungraph/v1/projects/${encodeURIComponent(projectId)}/${form.path}`;
    this.#form = form;
  }

  /** Makes it; the same again under the same name is no second one. */
  create(spec: Spec): Promise<Placed<Spec>> {
    const body = this.#form.toWire(spec);
    return this.#transport.json({ method: "POST", path: this.#path, body }, (reply) => this.#read(reply));
  }

  /** All of the project. */
  async list(): Promise<Placed<Spec>[]> {
    const name = this.#form.path.replaceAll("-", "_");
    const { all } = await this.#transport.json({ method: "GET", path: this.#path }, (reply) =>
      readItems((reply as Record<string, unknown> | undefined)?.[name], (one) => this.#read(one)),
    );
    return all;
  }

  get(id: string): Promise<Placed<Spec>> {
    return this.#transport.json({ method: "GET", path: this.#one(id) }, (reply) => this.#read(reply));
  }

  async update(id: string, spec: Spec): Promise<void> {
    await this.#transport.send({ method: "PUT", path: this.#one(id), body: this.#form.toWire(spec) });
  }

  /** Refused while something is in it (FSS.0409). */
  async delete(id: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#one(id) });
  }

  #one(id: string): string {
    return `${this.#path}/${encodeURIComponent(id)}`;
  }

  #read(body: unknown): Placed<Spec> | Fault[] {
    const known = readBody(z.looseObject({ id: z.string() }), body);
    if (Array.isArray(known)) return known;
    const spec = this.#form.fromWire(body);
    return Array.isArray(spec) ? spec : { id: known.id, spec };
  }
}
