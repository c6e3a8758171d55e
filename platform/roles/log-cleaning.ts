import { parseKeyText } from "../store/function-key.ts";
import { LeftLogs } from "../telemetry/left-logs.ts";
import type { Closers } from "./closers.ts";
import type { ClusterGround } from "./cluster-ground.ts";

/** While this process leads it deletes what others left that are gone. @param folder of the logs of all processes */
export function cleanLogs(
  { store, members, settings }: ClusterGround,
  folder: string,
  closers: Closers,
): void {
  let over = false;
  const isThere = (text: string): boolean => store.functions.find(parseKeyText(text)) !== undefined;
  const living = (): ReadonlySet<string> | undefined => {
    if (over || !store.leads || !members.joined) return undefined;
    return new Set(members.list().flatMap(({ addresses }) => addresses["logs"] ?? []));
  };
  const left = new LeftLogs({ folder, living, isThere, problem: settings.problem });
  store.onLead(() => void left.sweep());
  members.onChange(() => void left.sweep());
  store.onChange((text) => {
    if (!isThere(text)) void left.sweep();
  });
  closers.add(() => {
    over = true;
    return left.sweep();
  });
}
