import { join, resolve } from "node:path";
import { DATA_FOLDER } from "../../client/connection-file.ts";
import { findProject, type Project } from "../evaluate/project.ts";
import { ExitCode, UserError } from "../exit.ts";
import type { PlatformOptions } from "../platform-options.ts";
import type { ProgramOptions } from "../program-options.ts";
import { started, stopSignal } from "../stop-signal.ts";
import { formatDuration } from "../terminal/measure.ts";
import { during, note, print } from "../terminal/screen.ts";
import { paint } from "../terminal/style.ts";
import { readExpectations, type TryStep } from "../try/expectations.ts";
import { tryAll } from "../try/try-run.ts";
import { DevSession, type Outcome } from "./dev-session.ts";
import { printAddresses } from "./greeting.ts";
import { startLocalPlatform, tellMissingIsolation } from "./local-platform.ts";
import { printChanges, printTable } from "./report.ts";
import { Watch } from "./watch.ts";

/** What `fungraph dev` was asked for. */
export interface DevOptions extends PlatformOptions, ProgramOptions {
  readonly data: string | undefined;
  /** Send what expect.json says. */
  readonly try: boolean;
  /** Stop after the first deployment (and try). */
  readonly exit: boolean;
}

/**
 * Runs a program on a platform on this machine: once, or until it is stopped, applying every saved change.
 * @returns the exit code
 */
export async function runDev(options: DevOptions): Promise<number> {
  const stop = stopSignal();
  const project = findProject(options.folder, options.stack, options.config);
  const steps = await expectations(project, options.try);
  const dataDir = resolve(options.data ?? join(project.folder, DATA_FOLDER));
  const platform = await during("Starting the platform", () =>
    started(stop, () => startLocalPlatform({ ...options, dataDir })),
  );
  try {
    tellMissingIsolation(platform);
    const session = await DevSession.open(project, platform, dataDir, stop);
    try {
      const run = new DevRun(project, session, steps, stop);
      return options.exit ? await run.once(options.try) : await run.serve(options.try, dataDir);
    } finally {
      session.close();
    }
  } finally {
    await during("Stopping the platform", () => platform.close());
  }
}

/** Without --try the file is only read for the line to try, so it may be missing. */
async function expectations(project: Project, needed: boolean): Promise<readonly TryStep[]> {
  return await readExpectations(project.folder).catch((error: unknown) => {
    if (needed || !(error instanceof UserError)) throw error;
    return [];
  });
}

class DevRun {
  readonly #project: Project;
  readonly #session: DevSession;
  readonly #steps: readonly TryStep[];
  readonly #stop: AbortSignal;

  constructor(project: Project, session: DevSession, steps: readonly TryStep[], stop: AbortSignal) {
    this.#project = project;
    this.#session = session;
    this.#steps = steps;
    this.#stop = stop;
  }

  /** @returns success only when everything was deployed and every answer was right */
  async once(tries: boolean): Promise<number> {
    const outcome = await this.#deployFirst();
    if (outcome.evaluated === undefined) return ExitCode.Mistake;
    const right = !tries || (await this.#try());
    this.#stop.throwIfAborted();
    return right ? ExitCode.Success : ExitCode.Mistake;
  }

  async serve(tries: boolean, dataDir: string): Promise<number> {
    const saved = this.#steps.flatMap((step) =>
      step.save === undefined ? [] : [resolve(this.#project.folder, step.save)],
    );
    const watch = new Watch(this.#project.folder, [dataDir, ...saved]);
    try {
      await watch.ready;
      const outcome = await this.#deployFirst();
      watch.follow(outcome.modules);
      if (outcome.evaluated !== undefined && tries) await this.#try();
      print(`\n${paint("bold", "Serving.")} Save a file and it is applied; Ctrl-C ends it.`);
      await this.#follow(watch);
    } finally {
      await watch.close();
    }
    return ExitCode.Success;
  }

  async #deployFirst(): Promise<Outcome> {
    const outcome = await during(`Deploying ${this.#project.program.project}`, () => this.#session.deploy());
    if (outcome.steps.length > 0) printTable(outcome.steps);
    if (outcome.evaluated === undefined) tellFailures(outcome);
    else {
      print(paint("dim", `Deployed in ${formatDuration(outcome.milliseconds)}.`));
      print();
      printAddresses(this.#project.folder, this.#session.resources(), outcome.evaluated, this.#steps);
    }
    return outcome;
  }

  async #follow(watch: Watch): Promise<void> {
    for (let paths = await watch.next(this.#stop); paths.length > 0; paths = await watch.next(this.#stop)) {
      const outcome = await this.#session.deploy();
      watch.follow(outcome.modules);
      const changed = outcome.steps.some((step) => step.action !== "unchanged");
      if (changed || outcome.evaluated === undefined) print(`\n${paint("bold", shorten(paths))} changed`);
      printChanges(outcome.steps);
      if (outcome.evaluated === undefined) tellFailures(outcome, "What was deployed before keeps serving.");
      else if (changed) print(paint("dim", `Applied in ${formatDuration(outcome.milliseconds)}.`));
    }
  }

  async #try(): Promise<boolean> {
    print();
    return await tryAll(this.#steps, this.#session.tryPlace());
  }
}

function tellFailures(outcome: Outcome, after?: string): void {
  for (const failure of outcome.failures) note(`${paint("red", "✗", process.stderr)} ${failure}`);
  if (after !== undefined) note(after);
}

function shorten(paths: readonly string[]): string {
  return paths.length <= 3
    ? paths.join(", ")
    : `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more`;
}
