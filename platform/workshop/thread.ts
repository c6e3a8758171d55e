// The thread of the workshop: does one job after the other, when nobody else wants the processor.
import { parentPort } from "node:worker_threads";
import { PackagingError } from "../../packaging/packaging-error.ts";
import { perform, type Job } from "./jobs.ts";
import type { Answer } from "./workshop.ts";
import { yieldToOthers } from "./priority.ts";

yieldToOthers();
parentPort?.on("message", ({ id, job }: { id: number; job: Job }) => {
  perform(job).then(
    (done) => answer({ id, ...done, error: undefined }),
    (error: unknown) => answer({ id, ...told(error) }),
  );
});

function answer(message: Answer): void {
  // Archives that were just packed are small; nothing is given away.
  parentPort?.postMessage(message, []);
}

/** An error in a form that comes through to the other side whole. */
function told(error: unknown): Omit<Answer, "id"> {
  if (error instanceof PackagingError) return { faults: error.faults, error: undefined };
  const { message, code } = error as NodeJS.ErrnoException;
  return { faults: [], error: { message, code } };
}
