import type { Fault } from "../fault.ts";
import { faultCode } from "./fault-codes.ts";

/** A body that is wrong everywhere is told so many faults, not all. */
const MOST_FAULTS = 20;
const LONGEST_NAME = 60;
/** Values of these fields are never repeated. */
const SECRET = /password|secret|user_data|_sk$|^(file|content|depend_file|file_code)$/;

/** Way through one value: where the check is, and what it found. */
export class Walk {
  readonly faults: Fault[] = [];
  /** The platform's own reply: no null, no unknown field. Otherwise a request, whose sender may be older, newer or sloppy. */
  readonly strict: boolean;
  readonly #model: string;
  readonly #steps: (string | number)[] = [];

  constructor(model: string, strict: boolean) {
    this.#model = model;
    this.strict = strict;
  }

  enter(step: string | number): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  get full(): boolean {
    return this.faults.length >= MOST_FAULTS;
  }

  /** Notes that the value at this place breaks a rule. */
  refuse(rule: string, fix: string, value?: unknown): void {
    if (this.full) return;
    const [top] = this.#steps;
    this.faults.push({
      property: this.#property(),
      ...(this.#mayShow(value) ? { value } : {}),
      rule,
      fix,
      code: typeof top === "string" ? faultCode(this.#model, top) : "FSS.0400",
    });
  }

  #property(): string {
    let path = "";
    for (const step of this.#steps) {
      if (typeof step === "number") path += `[${step}]`;
      else path += (path === "" ? "" : ".") + step.slice(0, LONGEST_NAME);
    }
    return path === "" ? "body" : path;
  }

  #mayShow(value: unknown): boolean {
    if (typeof value === "string" && value.length > 1000) return false;
    if (typeof value === "object" || value === undefined) return false;
    return !this.#steps.some((step) => typeof step === "string" && SECRET.test(step));
  }
}
