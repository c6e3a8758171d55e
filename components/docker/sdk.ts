import { createRequire } from "node:module";
import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../model/fault.ts";

/** The package that the target docker needs; an optional peer, so that programs for other targets bring no plugin along. */
const PACKAGE = "@pulumi/docker";
const VERSION = "5.2.0";

/** Makes a resource; its arguments are checked against the package's own types by a test. */
type Kind<T> = new (name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) => T;

/** What of @pulumi/docker is used. Written down here, since the package is not there in programs for other targets. */
export interface DockerSdk {
  readonly Volume: Kind<pulumi.CustomResource & { readonly name: pulumi.Output<string> }>;
  readonly Container: Kind<pulumi.CustomResource>;
}

/** Loads it when it is needed first: half a second that other targets do not pay. Answers a fault where it is not installed. */
export function loadDocker(): DockerSdk | Fault {
  try {
    return createRequire(import.meta.url)(PACKAGE) as DockerSdk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return {
      property: "fungraph:target",
      value: "docker",
      rule: `needs the package ${PACKAGE}, which is not installed`,
      fix: `Type \`npm install --save-exact ${PACKAGE}@${VERSION}\`.`,
      code: "FSS.0400",
    };
  }
}
