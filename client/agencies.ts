import { z } from "zod";
import type { AgencySpec } from "../model/agency.ts";
import { type Role, ROLES } from "../model/api/access.ts";
import { readBody } from "../model/wire/body.ts";
import type { Transport } from "./transport.ts";

const schema = z.looseObject({ name: z.string(), role: z.enum(Object.keys(ROLES) as [Role, ...Role[]]) });
const listSchema = z.looseObject({ agencies: z.array(schema) });

/** Calls about the agencies of the project (guide 3.3.3), which administrators alone may make. */
export class Agencies {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, projectId: string) {
    this.#transport = transport;
    this.#path = `/fungraph/v1/projects/${encodeURIComponent(projectId)}/agencies`;
  }

  async list(): Promise<AgencySpec[]> {
    const call = { method: "GET", path: this.#path } as const;
    const { agencies } = await this.#transport.json(call, (body) => readBody(listSchema, body));
    return agencies.map(({ name, role }) => ({ name, role }));
  }

  /** Makes an agency, or gives the one of that name another role: from then on also to what it has lent before. */
  async put({ name, role }: AgencySpec): Promise<void> {
    await this.#transport.send({ method: "POST", path: this.#path, body: { name, role } });
  }

  /** Voids all that it has lent. Throws ApiError with status 404 when it is not there. */
  async delete(name: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: `${this.#path}/${encodeURIComponent(name)}` });
  }
}
