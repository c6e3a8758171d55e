import type { Call } from "./call.ts";
import type { Ending, Passage, ResponseHead } from "./passage.ts";
import { failureBody } from "./runtime-failure.ts";

/** Bytes of an error's text that are told. */
const TOLD_BYTES = 4096;

/** The request by which an event reaches a container image: POST /invoke (guide 2.4.2). A status of 2xx is success. */
export function invokePassage(call: Call): Passage {
  return new InvokePassage(call);
}

class InvokePassage implements Passage {
  readonly method = "POST";
  readonly path = "/invoke";
  readonly headers: readonly string[];
  readonly content: Buffer;
  readonly upgrade = false;
  readonly callerLags = false;
  readonly #chunks: Buffer[] = [];
  #status = 200;

  constructor({ event, meta }: Call) {
    this.content = event;
    const type = meta?.invokeType ?? "sync";
    this.headers = ["content-type", "application/json", "x-cff-invoke-type", type];
  }

  begin(): void {
    // Nothing is needed of the flight: the result is read as fast as it comes.
  }

  head({ status }: ResponseHead): void {
    this.#status = status;
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  end(): Ending {
    const body = Buffer.concat(this.#chunks);
    if (this.#status >= 200 && this.#status < 300) return body;
    const text = body.toString("utf8", 0, TOLD_BYTES);
    const message = `POST /invoke was answered with status ${this.#status}${text === "" ? "" : `: ${text}`}`;
    return { kind: "code", body: failureBody("code", message) };
  }

  upgraded(): void {
    // Never asked for.
  }
}
