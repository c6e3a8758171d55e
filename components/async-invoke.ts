import * as pulumi from "@pulumi/pulumi";
import { checkAsyncSettings } from "../model/async-settings.ts";
import { LIMITS } from "../model/limits.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";

const TYPE = "fungraph:index:AsyncInvoke";
const { asyncRetries, asyncAgeSeconds } = LIMITS;

/** How asynchronous requests are treated; for `fn.onAsync` and `alias.onAsync`, which know whose. */
export interface AsyncSettingsArgs {
  /**
   * Further tries of a request that failed, 0–3. Defaults to 1.
   *
   * @default 1
   */
  maxRetries?: pulumi.Input<number>;
  /**
   * Seconds after which a request that still waits is given up, 1–86400. Defaults to 3600.
   *
   * @default 3600
   */
  maxAgeSeconds?: pulumi.Input<number>;
  /**
   * Whether a record of every request is kept. Defaults to false.
   *
   * @default false
   */
  statusLog?: pulumi.Input<boolean>;
  /**
   * Function that is told of results: `other.functionUrn`. Defaults to none.
   *
   * @default - nobody is told
   */
  onSuccess?: pulumi.Input<string>;
  /**
   * Function that is told of requests that failed for good. Defaults to none.
   *
   * @default - nobody is told
   */
  onFailure?: pulumi.Input<string>;
}

/** Arguments of the settings of asynchronous requests. */
export interface AsyncInvokeArgs extends AsyncSettingsArgs {
  /** Whose requests: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
}

/**
 * How asynchronous requests of a function are treated: tries, age and who is told of the end (guide 3.3.7).
 *
 * ```ts
 * resize.onAsync("queue", { maxRetries: 3, onFailure: alarm.functionUrn });
 * ```
 *
 * A destination that is the function itself goes round for ever; the preview warns of it. HTTP functions cannot be
 * called asynchronously.
 */
export class AsyncInvoke extends pulumi.CustomResource {
  constructor(name: string, args: AsyncInvokeArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, asyncInvokeInputs(name, args), opts);
    this.#warnOfLoop(args);
  }

  #warnOfLoop({ functionUrn, onSuccess, onFailure }: AsyncInvokeArgs): void {
    pulumi.all([functionUrn, onSuccess, onFailure]).apply(([own, ...destinations]) => {
      if (!destinations.some((urn) => urn !== undefined && nameOf(urn) === nameOf(own))) return;
      void pulumi.log.warn("The function is a destination of its own: each call goes round for ever.", this);
    });
  }
}

/** The function's name without its version: `urn:fss:region:project:function:package:name`. */
function nameOf(urn: string): string {
  return urn.split(":").slice(0, 7).join(":");
}

function asyncInvokeInputs(name: string, args: AsyncInvokeArgs): pulumi.Inputs {
  const maxRetries = args.maxRetries ?? asyncRetries.default;
  const maxAgeSeconds = args.maxAgeSeconds ?? asyncAgeSeconds.default;
  const faults = checkAsyncSettings({
    maxRetries: knownOr(maxRetries, asyncRetries.default),
    maxAgeSeconds: knownOr(maxAgeSeconds, asyncAgeSeconds.default),
    statusLog: false,
  });
  failOn({ kind: "AsyncInvoke", name }, faults);
  const { functionUrn, statusLog = false, onSuccess, onFailure } = args;
  return { functionUrn, maxRetries, maxAgeSeconds, statusLog, onSuccess, onFailure };
}
