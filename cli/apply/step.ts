/** What happened to one resource. */
export interface Step {
  readonly action: "created" | "updated" | "replaced" | "deleted" | "unchanged";
  readonly type: string;
  readonly name: string;
  /** Properties that changed, for updates and replacements. */
  readonly changes: readonly string[];
  readonly milliseconds: number;
}

/** A step that the platform refused; the message names the resource and ends with the platform's own words. */
export class StepError extends Error {
  override readonly name = "StepError";
  constructor(action: string, resource: { readonly type: string; readonly name: string }, cause: unknown) {
    super(
      `${describe(resource)} could not be ${action}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** `Function "watermark"`: a resource as its author calls it. */
export function describe(resource: { readonly type: string; readonly name: string }): string {
  return `${kindOf(resource.type)} "${resource.name}"`;
}

/** The last part of a type token: `fungraph:index:Function` is a `Function`. */
export function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
