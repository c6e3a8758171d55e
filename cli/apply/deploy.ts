import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Client } from "../../client/client.ts";
import type { Context, Place } from "../../provider/resource.ts";
import { resources as logics } from "../../provider/resources.ts";
import { hasUnknown } from "../../provider/unknown.ts";
import { evaluate, type Evaluated } from "../evaluate/evaluation.ts";
import type { Project } from "../evaluate/project.ts";
import { Deployment } from "./deployment.ts";
import { withFingerprints } from "./fingerprint.ts";
import { Plan } from "./plan.ts";
import type { StateFile } from "./state-file.ts";
import type { Step } from "./step.ts";

/** What a deployment needs. */
export interface Workplace {
  readonly project: Project;
  readonly client: Client;
  readonly place: Place;
  readonly state: StateFile;
  /** Ends a deployment after the steps that have begun. */
  readonly signal: AbortSignal;
}

/**
 * Makes the platform match the program. The whole program is checked first, so that a fault anywhere changes nothing;
 * then only what differs is applied. When every input was known from the start, the first evaluation is enough.
 * @param report told every step as it ends
 * @throws ProgramError, StepError, or Interrupted
 */
export async function deploy(workplace: Workplace, report: (step: Step) => void): Promise<Evaluated> {
  const { project, state, place, signal } = workplace;
  const context = contextOf(workplace);
  await observe(state, context);
  const plan = new Plan(logics, place, (urn) => state.find(urn));
  const preview = await evaluate(project, {
    preview: true,
    signal,
    register: async (each) => plan.register(each),
  });
  plan.refuseFaults();
  const deployment = new Deployment(plan, context, state, report);
  const evaluated =
    plan.isComplete() && !hasUnknown(preview.outputs)
      ? await applyPlan(plan, deployment, preview, signal)
      : await evaluate(project, { preview: false, signal, register: (each) => deployment.register(each) });
  await deployment.finish();
  return evaluated;
}

async function applyPlan(
  plan: Plan,
  deployment: Deployment,
  preview: Evaluated,
  signal: AbortSignal,
): Promise<Evaluated> {
  for (const planned of plan.resources) {
    signal.throwIfAborted();
    await deployment.apply(planned);
  }
  return preview;
}

/** Looks at what is really there: what somebody has deleted is made anew, what somebody has changed is changed back. */
async function observe(state: StateFile, context: Context): Promise<void> {
  await Promise.all(
    state.resources().map(async (resource) => {
      const live = await logics[resource.type]?.read(context, resource.id, resource.state);
      if (live === undefined) return await state.delete(resource);
      const seen = withFingerprints(live.state, resource.secrets);
      if (!isDeepStrictEqual(seen, resource.state)) await state.put({ ...resource, state: seen });
    }),
  );
}

function contextOf(workplace: Workplace): Context {
  return {
    client: workplace.client,
    readArchive: (path) => readFile(resolve(workplace.project.folder, path)),
  };
}
