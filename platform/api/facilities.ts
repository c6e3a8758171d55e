import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { UnmadeError } from "../drivers/surroundings.ts";
import type { Facility, FacilityKind } from "../store/facilities.ts";
import { accept, refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { FACILITY_RULES, type FacilityRules } from "./facility-rules.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import { markOwner } from "./owners.ts";
import { administered, projectOf } from "./projects.ts";
import type { Route } from "./route-match.ts";
import { shown } from "./target.ts";

/** The calls of one kind: what the cloud leaves to its network and file services. */
class FacilityCalls<Kind extends FacilityKind> {
  readonly #kind: Kind;
  readonly #rules: FacilityRules<Kind>;

  constructor(kind: Kind, rules: FacilityRules<Kind>) {
    this.#kind = kind;
    this.#rules = rules;
  }

  get routes(): readonly Route[] {
    const all = `/fungraph/v1/projects/{project}/${this.#rules.form.path}`;
    const one = `${all}/{id}`;
    return [
      administered("GET", all, (call, context) => this.#list(call, context)),
      administered("POST", all, (call, context) => this.#create(call, context)),
      administered("GET", one, (call, context) => ok(this.#wire(this.#found(call, context)))),
      administered("PUT", one, (call, context) => this.#change(call, context)),
      administered("DELETE", one, (call, context) => this.#delete(call, context)),
    ];
  }

  #list(call: Call, context: ApiContext): Reply {
    const all = this.#ofProject(projectOf(call, context).id, context);
    return ok({ [this.#rules.form.path.replaceAll("-", "_")]: all.map((one) => this.#wire(one)) });
  }

  /** The same under the same name is no second one: an answer may have been lost. FSS.0409 for another of that name. */
  async #create(call: Call, context: ApiContext): Promise<Reply> {
    const projectId = projectOf(call, context).id;
    const spec = accept(this.#rules.form.fromWire(call.body));
    const named = this.#ofProject(projectId, context).find((one) => one.spec.name === spec.name);
    if (named !== undefined && !(isDeepStrictEqual(named.spec, spec) && mayAgain(named, call, context)))
      throw new ApiError(
        "FSS.0409",
        `The project has another ${this.#rules.noun} named ${shown(spec.name)}. Change that one, or choose another name.`,
      );
    const facility = named ?? { id: randomUUID(), projectId, spec };
    await this.#enforce(facility, named, context);
    if (named === undefined)
      markOwner(call, context, { kind: "facility", within: projectId, name: facility.id });
    return { status: 201, body: this.#wire(facility) };
  }

  async #change(call: Call, context: ApiContext): Promise<Reply> {
    const old = this.#found(call, context);
    const next = { ...old, spec: accept(this.#rules.form.fromWire(call.body)) };
    await this.#enforce(next, old, context);
    return ok(this.#wire(next));
  }

  /** FSS.0409 while something is in it. */
  async #delete(call: Call, context: ApiContext): Promise<Reply> {
    const facility = this.#found(call, context);
    const { facilities } = context.store;
    const users = this.#rules.users(facility, facilities);
    if (users.length > 0)
      throw new ApiError(
        "FSS.0409",
        `The ${this.#rules.noun} ${shown(facility.spec.name)} is in use by ${users.join(", ")}. Move or delete them first.`,
      );
    facilities.delete(this.#kind, facility.id);
    // Files that are deleted do not come back with a deletion that was lost.
    await context.store.settled();
    // Nobody needs it; what the machine cannot let go of now, the next arrangement removes.
    await context.live.surroundings?.arrange().catch(() => undefined);
    await context.live.surroundings?.discard(facility.id);
    return NO_CONTENT;
  }

  /** What cannot be put in force is refused, and what was there before stays. */
  async #enforce(
    next: Facility<Kind>,
    old: Facility<Kind> | undefined,
    { store, live: { surroundings } }: ApiContext,
  ): Promise<void> {
    if (surroundings === undefined) throw noSuchThing(this.#rules.noun);
    const { facilities } = store;
    const faults = this.#rules.check(next, old, facilities);
    if (faults.length > 0) throw refusal(faults);
    facilities.put(this.#kind, next);
    // Other processes put in force what is safe.
    await store.settled();
    try {
      await surroundings.arrange();
    } catch (error) {
      if (!this.#concerns(next, error)) return;
      if (old === undefined) facilities.delete(this.#kind, next.id);
      else facilities.put(this.#kind, old);
      await store.settled();
      await surroundings.arrange().catch(() => undefined);
      const { noun } = this.#rules;
      const reason = (error as Error).message;
      throw new ApiError(
        "FSS.0400",
        `The ${noun} ${shown(next.spec.name)} cannot be put in force: ${reason}`,
      );
    }
  }

  /** What else could not be made was so before, and is nobody else's fault. */
  #concerns({ id, spec }: Facility<Kind>, error: unknown): boolean {
    if (!(error instanceof UnmadeError)) return true;
    const vpcId = "vpcId" in spec ? spec.vpcId : id;
    return error.reasons.has(vpcId) || error.reasons.has("");
  }

  #wire(facility: Facility<Kind>): Record<string, unknown> {
    const spec = this.#rules.form.toWire(facility.spec);
    return { id: facility.id, ...spec, ...this.#rules.more?.(facility) };
  }

  #ofProject(projectId: string, { store }: ApiContext): Facility<Kind>[] {
    return store.facilities.all(this.#kind).filter((one) => one.projectId === projectId);
  }

  #found(call: Call, context: ApiContext): Facility<Kind> {
    const { id: projectId } = projectOf(call, context);
    const id = call.parameters["id"] ?? "";
    const facility = context.store.facilities.find(this.#kind, id);
    if (facility?.projectId === projectId) return facility;
    throw new ApiError("FSS.0404", `The project has no ${this.#rules.noun} ${shown(id)}. List them.`);
  }
}

/** What carries somebody's mark is nobody else's, however alike. */
function mayAgain({ id, projectId }: Facility, call: Call, { store }: ApiContext): boolean {
  const owner = store.owners.find({ kind: "facility", within: projectId, name: id });
  return owner === undefined || owner === call.owner;
}

function noSuchThing(noun: string): ApiError {
  return new ApiError(
    "FSS.0400",
    `Functions run as processes here, and there is no ${noun} for processes. Start the platform with --driver docker, or leave the ${noun} out.`,
  );
}

/** VPCs, NAT gateways and file systems of a project. */
export const FACILITY_ROUTES: readonly Route[] = [
  ...new FacilityCalls("vpc", FACILITY_RULES.vpc).routes,
  ...new FacilityCalls("nat-gateway", FACILITY_RULES["nat-gateway"]).routes,
  ...new FacilityCalls("file-system", FACILITY_RULES["file-system"]).routes,
];
