import * as pulumi from "@pulumi/pulumi";

/* What the target docker needs and @pulumi/docker has no resource for; made by Fungraph's own provider. */

/** The engine that a platform uses, looked at before anything is made there. */
export class DockerEngine extends pulumi.CustomResource {
  /** Path of the engine's socket. */
  declare readonly socket: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("fungraph:index:DockerEngine", name, { ...args, socket: undefined }, opts);
  }
}

/** Whatever the platform makes on the engine; it goes when this goes. */
export class DockerInstances extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("fungraph:index:DockerInstances", name, args, opts);
  }
}

/** An image of the platform or of a runtime, built on the engine. */
export class DockerImage extends pulumi.CustomResource {
  declare readonly reference: pulumi.Output<string>;
  declare readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(
      "fungraph:index:DockerImage",
      name,
      { ...args, reference: undefined, imageId: undefined, sourceDigest: undefined },
      opts,
    );
  }
}

/** The keys of a platform in a container, there as soon as it serves. */
export class DockerAccess extends pulumi.CustomResource {
  declare readonly projectId: pulumi.Output<string>;
  declare readonly region: pulumi.Output<string>;
  declare readonly accessKey: pulumi.Output<string>;
  declare readonly secretKey: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { projectId: undefined, region: undefined, accessKey: undefined, secretKey: undefined };
    const additionalSecretOutputs = ["secretKey"];
    super("fungraph:index:DockerAccess", name, { ...args, ...outputs }, { ...opts, additionalSecretOutputs });
  }
}
