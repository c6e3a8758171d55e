import type * as pulumi from "@pulumi/pulumi";
import { checkAgency } from "../model/agency.ts";
import { renamed } from "../model/declaration.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:Agency";

/** What somebody may do on the platform (guide 1.7). */
export const Role = {
  /** Look at functions, triggers, logs and metrics. */
  ReadOnly: "FunctionGraph ReadOnlyAccess",
  /** Look, and call functions. */
  Common: "FunctionGraph CommonOperations",
  /** Everything: create, change and delete too. */
  Full: "FunctionGraph FullAccess",
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** Arguments of an agency. */
export interface AgencyArgs {
  /** What whoever acts as the agency may do, for example `Role.Common`. */
  role: pulumi.Input<Role>;
  /**
   * Name of the agency: a letter, then letters, digits, `-` and `_`, at most 64 characters. Defaults to the resource's
   * own name.
   *
   * @default - the resource's name
   */
  agencyName?: string;
}

/**
 * A role that functions act in (guide 3.3.3): code with an execution agency finds keys and a token in its Context, good
 * for a day and for what the role allows.
 *
 * ```ts
 * const caller = new fg.Agency("caller", { role: fg.Role.Common });
 * new fg.Function("fan-out", { ...fanOut, executionAgency: caller.agencyName });
 * ```
 *
 * Administrators alone make agencies. Deleting one voids all that it has lent. Its role changes in place, also for what it
 * has lent before.
 */
export class Agency extends Resource {
  /** Name of the agency: what functions name. */
  declare readonly agencyName: pulumi.Output<string>;

  constructor(name: string, args: AgencyArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { ...agencyInputs(name, args), agencyName: undefined }, opts);
  }
}

function agencyInputs(name: string, { role, agencyName = name }: AgencyArgs): pulumi.Inputs {
  const faults = checkAgency({ name: agencyName, role: knownOr(role, Role.ReadOnly) });
  failOn({ kind: "Agency", name }, renamed(faults, { name: "agencyName" }));
  return { name: agencyName, role };
}
