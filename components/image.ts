import type * as pulumi from "@pulumi/pulumi";
import { CodeType } from "../model/runtimes.ts";
import { IMAGE_USER, type ImageSpec } from "../model/image.ts";
import type { PackedInputs } from "./internal/code.ts";
import { isKnown, knownOr } from "./internal/known.ts";

/** The container image that is a function's code: it serves HTTP on port 8000 (guide 3.2.4). */
export interface ImageArgs {
  /** Address: registry, repository and tag or digest, for example `registry.example.com/team/shop:1.4`. For linux on x86-64. */
  reference: pulumi.Input<string>;
  /**
   * Program to start instead of the image's own. Defaults to the image's entry point.
   *
   * @default - the image's entry point
   */
  command?: pulumi.Input<string>[];
  /**
   * Arguments instead of the image's own. Defaults to those of the image.
   *
   * @default - the image's arguments
   */
  args?: pulumi.Input<string>[];
  /**
   * Folder to start in, beginning with a slash. Defaults to the image's own.
   *
   * @default - the image's folder
   */
  workingDir?: pulumi.Input<string>;
  /**
   * User that it runs as, never root. Defaults to 1003.
   *
   * @default 1003
   */
  uid?: pulumi.Input<number>;
  /**
   * Group that it runs as. Defaults to 1003.
   *
   * @default 1003
   */
  gid?: pulumi.Input<number>;
}

/** The image with the service's defaults, whatever is known of it. */
export function imageInputs(args: ImageArgs): { [K in keyof ImageSpec]: unknown } {
  return {
    reference: args.reference,
    command: args.command ?? [],
    args: args.args ?? [],
    workingDir: args.workingDir ?? "",
    uid: args.uid ?? IMAGE_USER,
    gid: args.gid ?? IMAGE_USER,
  };
}

/** The image as far as it is known; what is not has a stand-in that breaks no rule. */
export function knownImage(args: ImageArgs): ImageSpec {
  return {
    reference: knownOr(args.reference, "image:1"),
    command: (args.command ?? []).filter(isKnown),
    args: (args.args ?? []).filter(isKnown),
    workingDir: knownOr(args.workingDir ?? "", ""),
    uid: knownOr(args.uid ?? IMAGE_USER, IMAGE_USER),
    gid: knownOr(args.gid ?? IMAGE_USER, IMAGE_USER),
  };
}

/** What stands for the archive of a function whose code is in its image. */
export const IMAGE_CODE: PackedInputs = {
  codeDigest: "",
  codeSize: 0,
  codeFilename: "",
  codeType: CodeType.Image,
  codeArchive: "",
};
