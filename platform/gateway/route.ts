import type { ApigEventData } from "../../model/trigger.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import type { Resolution } from "./resolution.ts";

/** One HTTP trigger, ready to be matched. */
export class Route {
  readonly trigger: TriggerRecord;
  readonly data: ApigEventData;
  /** What the trigger's function and qualifier mean; found with the first request. */
  resolution: Resolution | undefined = undefined;
  /** The function is an HTTP function; found with the first request, since a function's runtime never changes. */
  isServer: boolean | undefined = undefined;
  readonly apiIdJson: string;
  readonly stageJson: string;
  /** Parts of the path; `{name}` is a parameter. */
  readonly #parts: readonly string[];
  readonly #prefix: boolean;
  readonly hasParameters: boolean;

  constructor(trigger: TriggerRecord, data: ApigEventData) {
    this.trigger = trigger;
    this.data = data;
    this.apiIdJson = JSON.stringify(trigger.id);
    this.stageJson = JSON.stringify(data.env_name);
    this.#parts = split(data.path);
    this.#prefix = data.match_mode === "SWA";
    this.hasParameters = this.#prefix || this.#parts.some(isParameter);
  }

  /** True when the path alone decides, without parameters or prefix. */
  get exact(): boolean {
    return !this.hasParameters;
  }

  /** Sorts the more specific route first: more fixed parts, then more parts, then whole paths before prefixes. */
  get weight(): number {
    const fixed = this.#parts.filter((part) => !isParameter(part)).length;
    return fixed * 10_000 + this.#parts.length * 10 + (this.#prefix ? 0 : 1);
  }

  accepts(method: string): boolean {
    return this.data.req_method === "ANY" || this.data.req_method === method;
  }

  matches(path: string): boolean {
    const parts = split(path);
    if (this.#prefix ? parts.length < this.#parts.length : parts.length !== this.#parts.length) return false;
    return this.#parts.every((part, at) => isParameter(part) || part === parts[at]);
  }

  /** Values of the path's parameters; what follows a prefix stands under the empty name. */
  parameters(path: string): Record<string, string> {
    const parts = split(path);
    const values: Record<string, string> = {};
    for (const [at, part] of this.#parts.entries())
      if (isParameter(part)) values[part.slice(1, -1)] = decode(parts[at] ?? "");
    if (this.#prefix) values[""] = parts.slice(this.#parts.length).map(decode).join("/");
    return values;
  }
}

/** Parts of a path without its first and a last slash. */
function split(path: string): string[] {
  const parts = path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

function isParameter(part: string): boolean {
  return part.startsWith("{") && part.endsWith("}");
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
