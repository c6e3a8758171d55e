import type * as pulumi from "@pulumi/pulumi";
import type { ImageArgs } from "./image.ts";
import type { FileSystemsArgs, NetworkArgs } from "./placement.ts";

/** Code that runs before an instance's first request or before its end. */
export interface HookArgs {
  /** Entry in the code, written like the function's own handler. */
  handler: pulumi.Input<string>;
  /**
   * Seconds it may take: 1–300 for an initializer, 1–90 for a pre-stop hook. Defaults to 3.
   *
   * @default 3
   */
  timeoutSeconds?: pulumi.Input<number>;
}

/** Arguments of a function. */
export interface FunctionArgs {
  /** Runtime, for example `Runtime.NodeJs20` or its API name `"Node.js20.15"`. Cannot change once the function exists. */
  runtime: string;
  /** Entry in the code: `file.function` for Node.js, Python and PHP, `package.Class.method` for Java (guide 3.3.2). */
  handler: string;
  /**
   * The code, relative to the program's folder: a folder, a `.zip` or `.jar` file, or a `.ts` file that is bundled with
   * what it imports. Left out where the code is in an `image`, and only there.
   *
   * @default - none, with an image
   */
  code?: string;
  /**
   * Container image that is the code, with `Runtime.CustomImage` for events or `Runtime.Http` for whole requests and the
   * handler `-`. Needs a platform that runs containers. Defaults to none.
   *
   * @default - no image
   */
  image?: ImageArgs;
  /**
   * Name on the platform: a letter, then letters, digits, `-` and `_`, at most 60 characters. Defaults to the resource's
   * own name. Cannot change once the function exists.
   *
   * @default - the resource's name
   */
  functionName?: string;
  /**
   * Application (folder) the function is listed in. Defaults to `default`.
   *
   * @default "default"
   */
  package?: string;
  /**
   * What the function is for; at most 512 characters. Defaults to an empty text.
   *
   * @default ""
   */
  description?: pulumi.Input<string>;
  /**
   * Memory of one instance in MB: 128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192 or
   * 10240. The processor share grows with it. Defaults to 128.
   *
   * @default 128
   */
  memoryMb?: pulumi.Input<number>;
  /**
   * Seconds one request may take, 3–259200; it is stopped by force after that. Defaults to 3.
   *
   * @default 3
   */
  timeoutSeconds?: pulumi.Input<number>;
  /**
   * Environment variables, shown in clear. Names start with a letter and never with `RUNTIME_`. Together with
   * `encryptedEnvironment` at most 4096 characters. Defaults to none.
   *
   * @default {}
   */
  environment?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Environment variables that are kept encrypted and never shown. Defaults to none.
   *
   * @default {}
   */
  encryptedEnvironment?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Code that runs once in each instance before its first request (guide 3.3.1). Defaults to none.
   *
   * @default - no initializer
   */
  initializer?: HookArgs;
  /**
   * Code that runs in an instance before it ends. Defaults to none.
   *
   * @default - no hook
   */
  preStop?: HookArgs;
  /**
   * Method of the handler's class, `public boolean heartbeat()`, that says every 5 seconds whether an instance is well: Java
   * only (guide 3.3.12). An instance that says no, or nothing six times in a row, is ended. Defaults to none.
   *
   * @default - instances are not asked
   */
  heartbeatHandler?: pulumi.Input<string>;
  /**
   * Requests that one instance works on at the same time, 1–1000 (guide 3.3.8). Defaults to 1.
   *
   * @default 1
   */
  concurrency?: pulumi.Input<number>;
  /**
   * Most instances of this function: 1–1000, −1 for no limit, 0 to disable it. Defaults to 400.
   *
   * @default 400
   */
  maxInstances?: pulumi.Input<number>;
  /**
   * Whether callers may choose the memory of a request with `X-Cff-Instance-Memory` (guide 3.3.11). Defaults to false.
   *
   * @default false
   */
  dynamicMemory?: pulumi.Input<boolean>;
  /**
   * Whether requests to an HTTP function carry the temporary credentials of its agency in `X-CFF-*` headers. Defaults to
   * false.
   *
   * @default false
   */
  authInHeader?: pulumi.Input<boolean>;
  /**
   * Agency whose temporary credentials the code gets. Defaults to none.
   *
   * @default - no credentials
   */
  executionAgency?: pulumi.Input<string>;
  /**
   * Agency that the platform itself uses for this function (guide 3.3.3). Defaults to none.
   *
   * @default - no agency
   */
  configurationAgency?: pulumi.Input<string>;
  /**
   * Libraries whose files lie beside the code: `dependency.versionId` of each, at most 20 (guide 3.9). Of files at one
   * path the code's own wins. Defaults to none.
   *
   * @default - no dependencies
   */
  dependencies?: pulumi.Input<string>[];
  /**
   * Marks to find and group functions by, at most 19: keys of up to 128 and values of up to 255 characters. Defaults to none.
   *
   * @default - no tags
   */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Place in a VPC: `vpc.subnet("front")`. A function in one reaches what is in it, and nothing outside without a NAT
   * gateway (guide 3.3.4). Defaults to the network that all functions share.
   *
   * @default - the network that all functions share
   */
  network?: NetworkArgs;
  /**
   * File systems that the code sees: `{ mounts: [files.at("/mnt/files")] }` (guide 3.3.5). Defaults to none.
   *
   * @default - no file systems
   */
  fileSystems?: FileSystemsArgs;
}
