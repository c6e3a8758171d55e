import type * as pulumi from "@pulumi/pulumi";
import { declareListener, targetOf } from "./internal/declared.ts";
import { isKnown } from "./internal/known.ts";
import { warnOfCircle } from "./internal/loops.ts";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:SmnTrigger";

/** Arguments of a trigger of a notification topic. */
export interface SmnTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** URN of the topic, `urn:smn:REGION:PROJECT:NAME`. Only messages to topics of the function's own project reach it. */
  topicUrn: pulumi.Input<string>;
  /**
   * Whether events call the function. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Calls a function for messages of a notification topic (SMN).
 *
 * ```ts
 * new fg.SmnTrigger("alarms", { functionUrn: tell.functionUrn, topicUrn: "urn:smn:region:project:alarms" });
 * ```
 *
 * The function is called asynchronously with `record[].smn`. Topics are the platform's own: `fungraph topics create alarms` makes one, results of
 * asynchronous requests and whatever is sent to `…/notifications/topics/<URN>/publish` are its messages. Until there is such a topic nothing calls the
 * function; the deployment says so. A topic that hears of the function's own results calls it for ever; the preview says so.
 */
export class SmnTrigger extends SourceTrigger {
  constructor(name: string, args: SmnTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["SMN", name], args, opts);
    const declared = targetOf(args.functionUrn)?.declared;
    const { topicUrn, enabled = true } = args;
    if (declared === undefined || !isKnown(topicUrn) || enabled === false) return;
    declareListener(topicUrn, declared);
    warnOfCircle(declared, this, ({ publishes }) => publishes.has(topicUrn));
  }
}
