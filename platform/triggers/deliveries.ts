import { FAILURES } from "../../model/failure.ts";
import { HOPS_HEADER } from "../gateway/hops.ts";
import type { AsyncRequest } from "../store/async-requests.ts";
import type { TopicStore } from "../store/topics.ts";
import { kindOf } from "./delivery-key.ts";
import { topicUrn } from "./publication.ts";
import type { ObjectStore } from "./object-store.ts";
import type { RunEnd } from "./run-rules.ts";

/** Where deliveries go. */
export interface DeliveryOptions {
  readonly objects: ObjectStore;
  readonly topics: Pick<TopicStore, "subscriptions">;
  /** In the URNs of topics. */
  readonly region: string;
}

/** An endpoint that takes longer counts as down. */
const ANSWER_MS = 10_000;
const DELIVERED: RunEnd = { failure: undefined, code: 0, payload: Buffer.alloc(0) };

/** Sends what waits for object stores and endpoints of topics, one try each; the queue tries again. */
export class Deliveries {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async deliver(request: AsyncRequest): Promise<RunEnd> {
    try {
      if (kindOf(request.key) === "bucket") await this.#write(request);
      else return await this.#post(request);
      return DELIVERED;
    } catch (error) {
      return failed("system", error instanceof Error ? reasonOf(error) : String(error));
    }
  }

  #write({ key, qualifier, event }: AsyncRequest): Promise<void> {
    const [name = "", days = "0"] = qualifier.split("?");
    const { projectId, name: bucket } = key;
    return this.#options.objects.put({ projectId, bucket, name, days: Number(days), body: event });
  }

  async #post({ key, qualifier, event, hops }: AsyncRequest): Promise<RunEnd> {
    const { projectId, name: topic } = key;
    const { topics, region } = this.#options;
    const subscription = topics.subscriptions(projectId, topic).find(({ id }) => id === qualifier);
    if (subscription === undefined) return failed("missing", "The endpoint is not subscribed any more.");
    const response = await fetch(subscription.endpoint, {
      method: "POST",
      body: new Uint8Array(event),
      headers: {
        "content-type": "application/json; charset=utf-8",
        "x-smn-message-type": "Notification",
        "x-smn-topic-urn": topicUrn(region, projectId, topic),
        [HOPS_HEADER]: String(hops),
      },
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.body?.cancel();
    if (response.ok) return DELIVERED;
    return failed(
      "system",
      `${subscription.endpoint} answered ${response.status}; 200 to 299 means delivered.`,
    );
  }
}

function failed(failure: "system" | "missing", message: string): RunEnd {
  return { failure, code: FAILURES.system.code, payload: Buffer.from(message) };
}

/** What `fetch` hides in its cause says more than "fetch failed". */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
