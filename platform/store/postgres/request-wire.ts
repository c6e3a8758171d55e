import type { Postgres } from "../../cluster/connection.ts";
import type { OtherProcesses } from "../async-requests.ts";
import type { FunctionKey } from "../function-key.ts";

const CHANNEL = "fungraph_requests";
/** So often the others are told that requests wait; they look at all of them at once. */
const TELL_MS = 100;

interface Message {
  /** Who says it. */
  readonly from: string;
  /** A request that the member `to` is to cancel; without it: requests wait. */
  readonly cancel?: { readonly to: string; readonly key: FunctionKey; readonly id: string };
}

/** What processes that share the queue tell each other, by NOTIFY. A message may be lost: whoever misses one looks later. */
export class RequestWire {
  readonly #postgres: Postgres;
  readonly #self: string;
  #toldAt = -TELL_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(postgres: Postgres, self: string, heard: OtherProcesses) {
    this.#postgres = postgres;
    this.#self = self;
    postgres.listen(CHANNEL, (payload) => {
      const { from, cancel } = JSON.parse(payload) as Message;
      if (cancel === undefined && from !== self) heard.waiting();
      if (cancel?.to === self) heard.cancel(cancel.key, cancel.id);
    });
  }

  /** Soon tells the others that requests wait: once for all of the next moment. */
  tellWaiting(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#toldAt + TELL_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#toldAt = performance.now();
      void this.#tell({ from: this.#self }).catch(() => undefined);
    }, wait).unref();
  }

  /** Asks a member to cancel what it runs. */
  cancel(to: string, key: FunctionKey, id: string): Promise<void> {
    return this.#tell({ from: this.#self, cancel: { to, key, id } });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #tell(message: Message): Promise<void> {
    return this.#postgres.notify(CHANNEL, JSON.stringify(message));
  }
}
