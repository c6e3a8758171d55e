import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../model/fault.ts";
import { checkDockerArgs } from "./docker/check.ts";
import { declareOnDocker } from "./docker/platform-on-docker.ts";
import { type DockerSdk, loadDocker } from "./docker/sdk.ts";
import { failOn } from "./internal/errors.ts";
import { deployOnto } from "./internal/deploy-onto.ts";
import type { Provider } from "./provider.ts";

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
 * How a platform in containers runs. Settings are for the target docker; on the others, where nothing is created, they say nothing.
 */
export interface PlatformArgs {
  /**
   * Runtimes of the program's functions, for example `[fg.Runtime.NodeJs20]`: an image is built of each. The target docker needs at least one,
   * but for a platform of container images alone. Defaults to none.
   *
   * @default []
   */
  runtimes?: string[];
  /**
   * Further images: `fonts` for Chinese texts in pictures (FAQ 3.8), `gateway` for functions in VPCs. Defaults to none.
   *
   * @default []
   */
  extras?: string[];
  /**
   * Images to build on instead of the official ones, by runtime, for example of a registry of your own; `platform` is the one of the platform itself.
   * Defaults to the official ones.
   *
   * @default - the official slim image of each language
   */
  imageBases?: { [runtime: string]: string };
  /**
   * Address to listen on. Defaults to 127.0.0.1: reachable from the machine alone. `0.0.0.0` opens it to all who reach the machine.
   *
   * @default "127.0.0.1"
   */
  address?: string;
  /**
   * Port to listen on. Defaults to 8420.
   *
   * @default 8420
   */
  port?: number;
  /**
   * Memory of the platform itself in MB; instances have their own. Defaults to 1024.
   *
   * @default 1024
   */
  memoryMb?: pulumi.Input<number>;
  /**
   * Processors of the platform itself, for example 1.5. Defaults to no limit.
   *
   * @default - no limit
   */
  cpus?: pulumi.Input<number>;
  /**
   * Where callers reach the platform, for the URLs of triggers, for example `https://functions.example.com`. Defaults to how each caller reaches it.
   *
   * @default - as each caller reaches it
   */
  publicUrl?: pulumi.Input<string>;
  /**
   * Region in URNs. Defaults to "local".
   *
   * @default "local"
   */
  region?: pulumi.Input<string>;
  /**
   * Time zone of cron expressions, an IANA name. Defaults to "UTC".
   *
   * @default "UTC"
   */
  timeZone?: pulumi.Input<string>;
  /**
   * Seconds without a call after which an instance ends. Defaults to 60.
   *
   * @default 60
   */
  idleSeconds?: pulumi.Input<number>;
  /**
   * Instances kept warm of each runtime in use. Defaults to 2.
   *
   * @default 2
   */
  poolSize?: pulumi.Input<number>;
}

/**
 * The function platform that the stack's functions run on.
 *
 * ```ts
 * new fg.Platform("platform", { runtimes: [fg.Runtime.NodeJs20] });
 * ```
 *
 * The stack's configuration chooses what it is, so that one program serves a laptop and a data centre:
 *
 * - `embedded` (the default): the one inside `fungraph dev`, or that serves the program's folder. Creates nothing.
 * - `remote` with `fungraph:endpoint`: one that runs already. Creates nothing.
 * - `docker`: containers on this machine's Docker Engine. Creates, with @pulumi/docker, a volume for all that is remembered and the container of
 *   the platform; builds its image and one of each runtime. Whatever is declared after it without a provider of its own is deployed
 *   onto it in the same `pulumi up`. Destroying it removes all of this, what the platform itself made on the engine included.
 *
 * On Docker the platform's container holds the engine's socket and therefore as much power as root on the machine: do not give its keys to
 * anybody who should not have that. Its secret key is kept in a file of its volume and encrypted in the stack's state.
 */
export class Platform extends pulumi.ComponentResource {
  /** Where the platform runs. */
  readonly target: pulumi.Output<string>;
  /** Address of its API; empty while nothing says where the embedded platform listens. */
  readonly endpoint: pulumi.Output<string>;
  /** Project that functions belong to; empty where the stack's settings or the environment name it. */
  readonly projectId: pulumi.Output<string>;
  /** Access key of its first user; empty as `projectId`. */
  readonly accessKey: pulumi.Output<string>;
  /** Secret key that belongs to it, a secret; empty as `projectId`. */
  readonly secretKey: pulumi.Output<string>;
  /** How to deploy onto this one in a program with several; undefined where the settings of the stack say it. */
  readonly provider: Provider | undefined;

  constructor(name: string, args: PlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const config = new pulumi.Config("fungraph");
    const target = config.get("target") ?? Target.Embedded;
    const endpoint = config.get("endpoint") ?? "";
    const docker = target === Target.Docker ? loadDocker() : undefined;
    failOn({ kind: "Platform", name }, [...checkTarget(target, endpoint), ...checkDocker(docker, args)]);
    super(TYPE, name, {}, opts);
    const made =
      docker === undefined
        ? undefined
        : declareOnDocker(name, args, { docker: docker as DockerSdk, parent: this });
    this.target = pulumi.output(target);
    this.endpoint = pulumi.output(made?.endpoint ?? endpoint);
    this.projectId = made?.access.projectId ?? pulumi.output("");
    this.accessKey = made?.access.accessKey ?? pulumi.output("");
    this.secretKey = pulumi.secret(made?.access.secretKey ?? "");
    this.provider = made?.provider;
    if (made !== undefined) deployOnto(made, { runtimes: args.runtimes ?? [], extras: args.extras ?? [] });
    this.registerOutputs({ target: this.target, endpoint: this.endpoint });
  }
}

function checkDocker(docker: DockerSdk | Fault | undefined, args: PlatformArgs): Fault[] {
  if (docker === undefined) return [];
  return "property" in docker ? [docker] : checkDockerArgs(args);
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
  if (target === Target.Kubernetes)
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
