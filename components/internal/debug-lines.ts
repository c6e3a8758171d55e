import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** What hands one message to the engine. */
type Tell = (message: string, ...rest: unknown[]) => Promise<void>;

const GATHER_MS = 25;

/**
 * Tells the engine many lines of debugging in one call. Pulumi's SDK writes three for each resource and tells each by a
 * call of its own, one after the other: a quarter of the time that a program of a hundred functions takes, for what only
 * `pulumi up --debug` shows.
 */
export function gatherDebugLines(): void {
  const log = pulumi.log as { debug: Tell };
  const tell = log.debug;
  let lines: string[] = [];
  let telling: Promise<void> | undefined;
  const tellAll = async (): Promise<void> => {
    await setTimeout(GATHER_MS);
    const gathered = lines.join("\n");
    lines = [];
    telling = undefined;
    await tell(gathered);
  };
  Reflect.set(log, "debug", (message: string, ...rest: unknown[]): Promise<void> => {
    // What belongs to a resource or a stream is told as such.
    if (rest.some((each) => each !== undefined)) return tell(message, ...rest);
    lines.push(message);
    telling ??= tellAll();
    return telling;
  });
}
