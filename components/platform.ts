import * as pulumi from "@pulumi/pulumi";

const TYPE = "fungraph:index:Platform";

/** Where a platform runs. */
export const Target = {
  /** On this machine, inside `fungraph dev` or `fungraph platform start`; needs nothing but Node. */
  Embedded: "embedded",
  /** As containers on one host. */
  Docker: "docker",
  /** As pods in a cluster. */
  Kubernetes: "kubernetes",
  /** Somewhere else; the stack's configuration names its address. */
  Remote: "remote",
} as const;
export type Target = (typeof Target)[keyof typeof Target];

/**
 * The function platform that the stack's functions run on.
 *
 * ```ts
 * new fg.Platform("platform");
 * ```
 *
 * The stack's configuration chooses what it is, so that one program serves a laptop and a data centre:
 * `fungraph:target` is `embedded` (the default) or `remote` with `fungraph:endpoint`. For both it creates nothing.
 */
export class Platform extends pulumi.ComponentResource {
  /** Where the platform runs. */
  readonly target: pulumi.Output<string>;
  /** Address of its API; empty while nothing says where the embedded platform listens. */
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE, name, {}, opts);
    const config = new pulumi.Config("fungraph");
    this.target = pulumi.output(config.get("target") ?? Target.Embedded);
    this.endpoint = pulumi.output(config.get("endpoint") ?? "");
    this.registerOutputs({ target: this.target, endpoint: this.endpoint });
  }
}
