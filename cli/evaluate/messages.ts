/** How the evaluating child process and the command talk over Node's IPC channel. Plain JSON both ways. */

/** A resource as the program declared it. */
export interface Registration {
  /** Pulumi URN: stack, project, chain of parent types, name. */
  readonly urn: string;
  /** Type token, for example `fungraph:index:Function`. */
  readonly type: string;
  readonly name: string;
  /** False for components, which only group others. */
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  /** Paths of inputs that are secret, for example `environment/TOKEN`. */
  readonly secrets: readonly string[];
  /** URNs of the resources that this one was given, or was told to wait for. */
  readonly dependencies: readonly string[];
}

/** What became of a registration: the real id and outputs, or predicted ones. */
export interface Registered {
  readonly id: string | undefined;
  readonly outputs: Record<string, unknown>;
}

export type ToParent =
  | { readonly kind: "register"; readonly call: number; readonly registration: Registration }
  | {
      readonly kind: "finished";
      readonly outputs: Record<string, unknown>;
      readonly secretOutputs: readonly string[];
      readonly modules: readonly string[];
    }
  | { readonly kind: "failed"; readonly messages: readonly string[]; readonly modules: readonly string[] };

export type ToChild =
  | { readonly kind: "run"; readonly preview: boolean; readonly program: ProgramRequest }
  | { readonly kind: "registered"; readonly call: number; readonly registered: Registered };

/** What the child runs. */
export interface ProgramRequest {
  /** Absolute path of the program's entry file. */
  readonly entry: string;
  readonly project: string;
  readonly stack: string;
  /** Stack configuration with full keys, for example `fungraph:target`. */
  readonly config: Record<string, string>;
}
