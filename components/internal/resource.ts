import * as pulumi from "@pulumi/pulumi";
import { gatherDebugLines } from "./debug-lines.ts";
import { tellPlaces } from "./places.ts";
import { rememberFrames } from "./stack-frames.ts";

gatherDebugLines();
rememberFrames();
tellPlaces();

/**
 * A resource that is registered without the stack traces that Pulumi keeps of four promises for each property, in case
 * one is never settled: a quarter of the time that a program of a hundred functions takes.
 */
export abstract class Resource extends pulumi.CustomResource {
  // oxlint-disable-next-line constructor-super -- the path without it throws
  constructor(type: string, name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    const limit = Error.stackTraceLimit;
    try {
      Error.stackTraceLimit = 0;
      super(type, name, inputs, opts);
    } catch (error) {
      Error.stackTraceLimit = limit;
      if (error instanceof Error) Error.captureStackTrace(error, new.target);
      throw error;
    } finally {
      Error.stackTraceLimit = limit;
    }
  }
}
