import * as pulumi from "@pulumi/pulumi";

/** Where a platform is and who calls it. */
export interface ProviderArgs {
  /** Address of the platform's API, for example `https://functions.example.com`. */
  endpoint: pulumi.Input<string>;
  /** Project that the functions belong to. */
  projectId: pulumi.Input<string>;
  /** Access key of a user of the project. */
  accessKey: pulumi.Input<string>;
  /** Secret key that belongs to the access key; it is kept encrypted. */
  secretKey: pulumi.Input<string>;
  /**
   * Region in the platform's URNs; with it a preview shows whole URNs of what is still to be made. Defaults to none.
   *
   * @default - unknown in previews
   */
  region?: pulumi.Input<string>;
}

/**
 * Another platform than the one that the stack's settings name, for programs that deploy to several.
 *
 * ```ts
 * const north = new fg.Provider("north", { endpoint, projectId, accessKey, secretKey });
 * new fg.Function("hello", { ...hello }, { provider: north });
 * ```
 *
 * Without one, resources go to the platform of the `fungraph:` settings, of the `FUNGRAPH_*` variables, or to the one
 * that serves the program's folder. `fungraph dev` deploys everything to its own platform.
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super("fungraph", name, { ...args, secretKey: pulumi.secret(args.secretKey) }, opts);
  }
}
