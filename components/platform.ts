import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../model/fault.ts";
import { failOn } from "./internal/errors.ts";

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
    const config = new pulumi.Config("fungraph");
    const target = config.get("target") ?? Target.Embedded;
    const endpoint = config.get("endpoint") ?? "";
    failOn({ kind: "Platform", name }, checkTarget(target, endpoint));
    super(TYPE, name, {}, opts);
    this.target = pulumi.output(target);
    this.endpoint = pulumi.output(endpoint);
    this.registerOutputs({ target: this.target, endpoint: this.endpoint });
  }
}

function checkTarget(target: string, endpoint: string): Fault[] {
  const given = { property: "fungraph:target", value: target, code: "FSS.0400" };
  const targets: readonly string[] = Object.values(Target);
  if (!targets.includes(target))
    return [
      {
        ...given,
        rule: `must be one of ${targets.join(", ")}`,
        fix: "Type `pulumi config set fungraph:target embedded`.",
      },
    ];
  if (target === Target.Docker || target === Target.Kubernetes)
    return [
      {
        ...given,
        rule: `this version does not bring a platform up on ${target} yet; that comes with the ${target} target`,
        fix: "Use embedded, or remote with the address of a platform that runs already.",
      },
    ];
  return target === Target.Remote ? checkEndpoint(endpoint) : [];
}

function checkEndpoint(endpoint: string): Fault[] {
  const url = URL.parse(endpoint);
  if (url !== null && /^https?:$/.test(url.protocol)) return [];
  return [
    {
      property: "fungraph:endpoint",
      ...(endpoint === "" ? {} : { value: endpoint }),
      rule: "the target remote needs the http or https address of a platform",
      fix: "Type `pulumi config set fungraph:endpoint https://...` with its address.",
      code: "FSS.0400",
    },
  ];
}
