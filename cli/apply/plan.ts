import type { Diff, Place, Properties, ResourceLogic } from "../../provider/resource.ts";
import { hasUnknown } from "../../provider/unknown.ts";
import { formatFault } from "../../model/fault.ts";
import type { Registered, Registration } from "../evaluate/messages.ts";
import { ProgramError } from "../evaluate/evaluation.ts";
import { withFingerprints } from "./fingerprint.ts";
import type { ResourceState } from "./state-file.ts";
import { describe, kindOf } from "./step.ts";

/** A declared resource, checked and compared with what exists. */
export interface PlannedResource {
  readonly registration: Registration;
  readonly logic: ResourceLogic;
  /** Inputs with defaults filled in. */
  readonly inputs: Properties;
  /** Undefined when the resource does not exist yet. */
  readonly old: ResourceState | undefined;
  /** Empty changes when there is no old one. */
  readonly diff: Diff;
}

const PROVIDER = "pulumi:providers:fungraph";
const SAME: Diff = { changes: [], replace: [], deleteBeforeReplace: false };

/** Everything a program declares, before anything of it is applied. */
export class Plan {
  readonly resources: PlannedResource[] = [];
  readonly #faults: string[] = [];
  readonly #find: (urn: string) => ResourceState | undefined;
  readonly #logics: Readonly<Record<string, ResourceLogic>>;
  readonly #place: Place;

  constructor(
    logics: Readonly<Record<string, ResourceLogic>>,
    place: Place,
    find: (urn: string) => ResourceState | undefined = () => undefined,
  ) {
    this.#logics = logics;
    this.#place = place;
    this.#find = find;
  }

  /** Takes a declaration and answers what it will be, as far as that is certain. */
  register(registration: Registration): Registered {
    if (!registration.custom) return { id: undefined, outputs: {} };
    const planned = this.compare(registration);
    if (planned === undefined) return { id: undefined, outputs: {} };
    this.resources.push(planned);
    const kept = planned.diff.replace.length === 0 ? planned.old : undefined;
    const outputs = planned.logic.predict(planned.inputs, this.#place, kept?.state);
    return { id: kept?.id, outputs };
  }

  /** Checks a declaration and compares it with what exists; undefined when there is nothing to apply, or faults, which are kept. */
  compare(registration: Registration): PlannedResource | undefined {
    // Here there is one platform, whichever a program would deploy to elsewhere.
    if (registration.type === PROVIDER) return undefined;
    const logic = this.#logics[registration.type];
    if (logic === undefined) {
      this.#faults.push(foreign(registration));
      return undefined;
    }
    const { inputs, faults } = logic.check(registration.inputs);
    if (faults.length > 0) {
      this.#faults.push(
        [`${describe(registration)} has faults:`, ...faults.map((fault) => `  - ${formatFault(fault)}`)].join(
          "\n",
        ),
      );
      return undefined;
    }
    const old = this.#find(registration.urn);
    const diff =
      old === undefined ? SAME : logic.diff(old.state, withFingerprints(inputs, registration.secrets));
    return { registration, logic, inputs, old, diff };
  }

  /** @throws ProgramError with every fault of every resource */
  refuseFaults(): void {
    if (this.#faults.length > 0) throw new ProgramError(this.#faults);
  }

  /** True when every resource exists and all its inputs are known: the plan can be applied as it is. */
  isComplete(): boolean {
    return this.resources.every(
      (each) => each.old !== undefined && each.diff.replace.length === 0 && !hasUnknown(each.inputs),
    );
  }
}

function foreign(registration: Registration): string {
  return (
    `${kindOf(registration.type)} "${registration.name}" (${registration.type}) belongs to another Pulumi provider, and only ` +
    `Fungraph's own resources run here. Deploy this program with "pulumi up", or leave the resource out for development.`
  );
}
