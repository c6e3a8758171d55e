import { isConflict } from "../../client/api-error.ts";
import { inNameOf } from "../../provider/owner.ts";
import { RefusedError, type Context, type Live, type Properties } from "../../provider/resource.ts";
import type { Registered, Registration } from "../evaluate/messages.ts";
import { withFingerprints } from "./fingerprint.ts";
import { Gate } from "./gate.ts";
import type { Plan, PlannedResource } from "./plan.ts";
import { Removal } from "./removal.ts";
import type { ResourceState, StateFile } from "./state-file.ts";
import { StepError, type Step } from "./step.ts";

/** Resources that are applied at the same time. */
const WIDTH = 8;

/** Brings one plan into being, resource by resource; what was done is on disk after each. */
export class Deployment {
  readonly #plan: Plan;
  readonly #context: Context;
  readonly #state: StateFile;
  readonly #removal: Removal;
  readonly #report: (step: Step) => void;
  readonly #gate = new Gate(WIDTH);

  constructor(plan: Plan, context: Context, state: StateFile, report: (step: Step) => void) {
    this.#plan = plan;
    this.#context = context;
    this.#state = state;
    this.#report = report;
    const declared = new Set(plan.resources.map((each) => each.registration.urn));
    this.#removal = new Removal(declared, context, state, report);
  }

  /** Applies a declaration with all inputs known and answers the real outputs. */
  async register(registration: Registration): Promise<Registered> {
    if (!registration.custom) return { id: undefined, outputs: {} };
    const planned = this.#plan.compare(registration);
    this.#plan.refuseFaults();
    if (planned === undefined) return { id: undefined, outputs: {} };
    return await this.#gate.pass(() => this.apply(planned));
  }

  /** Creates, updates or replaces one resource, or leaves it as it is. */
  async apply(planned: PlannedResource): Promise<Registered> {
    const { old, diff } = planned;
    if (old === undefined || this.#state.find(old.urn) === undefined) return await this.#create(planned);
    if (diff.replace.length > 0) return await this.#replace(planned, old);
    return diff.changes.length > 0 ? await this.#update(planned, old) : this.#keep(planned, old);
  }

  /** Deletes what is no longer declared and what was replaced, dependents first. */
  async finish(): Promise<void> {
    await this.#removal.removeUndeclared();
  }

  async #create(planned: PlannedResource): Promise<Registered> {
    const began = performance.now();
    const live = await this.#make(planned);
    const resource = remember(planned, live);
    await this.#state.put(resource);
    // An old one that is gone from the state went with a resource that it depended on.
    this.#tell(planned.old === undefined ? "created" : "replaced", planned, began);
    return answer(resource, planned.inputs);
  }

  async #replace(planned: PlannedResource, old: ResourceState): Promise<Registered> {
    const began = performance.now();
    if (planned.diff.deleteBeforeReplace) await this.#removal.removeWithDependents(old);
    const resource = remember(planned, await this.#make(planned));
    await this.#state.supersede(resource);
    this.#tell("replaced", planned, began);
    return answer(resource, planned.inputs);
  }

  async #update(planned: PlannedResource, old: ResourceState): Promise<Registered> {
    const began = performance.now();
    const state = await planned.logic
      .update(this.#context, old.id, old.state, planned.inputs)
      .catch((error: unknown) => {
        throw new StepError("updated", planned.registration, error);
      });
    const resource = remember(planned, { id: old.id, state });
    await this.#state.put(resource);
    this.#tell("updated", planned, began);
    return answer(resource, planned.inputs);
  }

  #keep(planned: PlannedResource, old: ResourceState): Registered {
    this.#tell("unchanged", planned, performance.now());
    return answer(old, planned.inputs);
  }

  /** A name that is taken may belong to a resource that is about to go; then that one goes first. */
  async #make(planned: PlannedResource): Promise<Live<Properties>> {
    const { logic, inputs, registration } = planned;
    // Pulumi's stack of one name is another owner.
    const context = inNameOf(this.#context, { urn: `fungraph dev ${registration.urn}` });
    try {
      return await logic.create(context, inputs).catch(async (error: unknown) => {
        const taken = error instanceof RefusedError || isConflict(error);
        if (!taken || !(await this.#removal.removeUndeclaredOf(registration.type))) throw error;
        return await logic.create(context, inputs);
      });
    } catch (error) {
      throw new StepError("created", registration, error);
    }
  }

  #tell(action: Step["action"], planned: PlannedResource, began: number): void {
    const { type, name } = planned.registration;
    const changes = planned.diff.changes.map((change) => change.property);
    this.#report({ action, type, name, changes, milliseconds: performance.now() - began });
  }
}

function remember(planned: PlannedResource, live: Live<Properties>): ResourceState {
  const { urn, type, name, dependencies, secrets } = planned.registration;
  return {
    urn,
    type,
    name,
    id: live.id,
    state: withFingerprints({ ...planned.inputs, ...live.state }, secrets),
    secrets: [...secrets],
    dependencies: [...dependencies],
  };
}

/** The outputs alone: inputs come back as the program gave them, so that no fingerprint reaches it. */
function answer(resource: ResourceState, inputs: Properties): Registered {
  const outputs = Object.entries(resource.state).filter(([key]) => !(key in inputs));
  return { id: resource.id, outputs: Object.fromEntries(outputs) };
}
