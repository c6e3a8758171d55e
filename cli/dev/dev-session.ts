import { join } from "node:path";
import type { RunningPlatform } from "../../platform/main.ts";
import { Client } from "../../client/client.ts";
import { collectArchives } from "../apply/archives.ts";
import { deploy, type Workplace } from "../apply/deploy.ts";
import { StateFile, type ResourceState } from "../apply/state-file.ts";
import { StepError, type Step } from "../apply/step.ts";
import { ProgramError, type Evaluated } from "../evaluate/evaluation.ts";
import { Observer } from "../connection/observer.ts";
import type { Project } from "../evaluate/project.ts";
import { warn } from "../terminal/screen.ts";
import type { TryPlace } from "../try/send.ts";

/** What a deployment came to: the steps that were done, and either the program's outputs or why it stopped. */
export interface Outcome {
  readonly steps: readonly Step[];
  readonly milliseconds: number;
  readonly evaluated: Evaluated | undefined;
  /** Why it stopped, for the program's author. */
  readonly failures: readonly string[];
  /** Files of the program, as far as it was read. */
  readonly modules: readonly string[];
}

/** A program on a platform on this machine. */
export class DevSession {
  readonly #workplace: Workplace;

  readonly #observer: Observer;

  private constructor(workplace: Workplace, observer: Observer) {
    this.#workplace = workplace;
    this.#observer = observer;
  }

  /** Opens what an earlier session has left in the data folder, or begins anew. */
  static async open(
    project: Project,
    platform: RunningPlatform,
    dataDir: string,
    signal: AbortSignal,
  ): Promise<DevSession> {
    const config = {
      ...project.program.config,
      "fungraph:target": "embedded",
      "fungraph:endpoint": platform.endpoint,
    };
    const workplace = {
      project: { ...project, program: { ...project.program, config } },
      client: new Client({ ...platform, warned: warn }),
      place: { region: platform.region, projectId: platform.projectId },
      state: await StateFile.open(join(dataDir, "state.json")),
      signal,
    };
    return new DevSession(workplace, new Observer(platform));
  }

  /** Closes the connections to the platform. */
  close(): void {
    this.#workplace.client.close();
    this.#observer.close();
  }

  /** What exists now. */
  resources(): readonly ResourceState[] {
    return this.#workplace.state.resources();
  }

  /** What expectations are tried on. */
  tryPlace(): TryPlace {
    const { project, client, place, signal } = this.#workplace;
    const { folder } = project;
    return {
      folder,
      client,
      projectId: place.projectId,
      observer: this.#observer,
      resources: this.resources(),
      signal,
    };
  }

  /** Makes the platform match the program as it is on disk now. Throws only for faults that are not the author's. */
  async deploy(): Promise<Outcome> {
    const began = performance.now();
    const steps: Step[] = [];
    const outcome = (rest: Pick<Outcome, "evaluated" | "failures" | "modules">): Outcome => ({
      steps,
      milliseconds: performance.now() - began,
      ...rest,
    });
    try {
      const evaluated = await deploy(this.#workplace, (step) => steps.push(step));
      await collectArchives(this.#workplace.project.folder, this.resources());
      return outcome({ evaluated, failures: [], modules: evaluated.modules });
    } catch (error) {
      if (error instanceof ProgramError)
        return outcome({ evaluated: undefined, failures: error.messages, modules: error.modules });
      if (error instanceof StepError)
        return outcome({ evaluated: undefined, failures: [error.message], modules: [] });
      throw error;
    }
  }
}
