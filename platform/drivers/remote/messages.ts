import type {
  Capabilities,
  Claim,
  Exit,
  Held,
  InstanceRequest,
  RuntimeAvailability,
  Usage,
  Way,
} from "../driver.ts";

/** A gateway to a scheduler, once. */
export interface Greeting {
  /** Socket to which the streams of its instances go. */
  readonly lines: string;
  /** Folder with all code that it unpacks. */
  readonly codeRoot: string;
}

/** What the gateway learns by that. */
export interface Welcome {
  readonly capabilities: Capabilities;
  readonly runtimes: readonly RuntimeAvailability[];
  /** The driver takes over instances whose scheduler was killed. */
  readonly adopts: boolean;
}

/** What a new instance is reached by. */
export interface Made {
  readonly token: string;
  /** Name of the line; left out for a container image. */
  readonly line?: string | undefined;
}

interface ClaimOrder {
  readonly id: string;
  readonly claim: Claim;
}

/** A chunk that an instance wrote. */
interface Written {
  readonly id: string;
  readonly stream: "stdout" | "stderr";
  readonly base64: string;
}

interface Exited {
  readonly id: string;
  readonly exit: Exit;
}

/** What a scheduler does for a gateway; `id` is an instance's. */
export type SchedulerDuties = {
  readonly greet: (greeting: Greeting) => Promise<Welcome>;
  readonly create: (request: InstanceRequest) => Promise<Made>;
  readonly claim: (order: ClaimOrder) => Promise<string>;
  /** Takes an instance over whose scheduler is gone; false when that cannot be. */
  readonly adopt: (held: Held) => Promise<boolean>;
  readonly settle: (id: string) => void;
  readonly way: (id: string) => Promise<Way>;
  readonly usage: (id: string) => Promise<Usage>;
  readonly pause: (id: string) => Promise<void>;
  readonly resume: (id: string) => Promise<void>;
  readonly destroy: (id: string) => Promise<void>;
  readonly expect: (runtime: string) => void;
  /** Ends all that was made for the gateway. */
  readonly leave: () => Promise<void>;
};

/** What a scheduler asks of a gateway and tells it. A folder is where an instance will bring its link by itself. */
export type GatewayDuties = {
  readonly listen: (folder: string) => Promise<void>;
  /** Settles with the line's name when the instance has brought its link. */
  readonly linked: (folder: string) => Promise<string>;
  readonly unlisten: (folder: string) => void;
  readonly written: (written: Written) => void;
  readonly exited: (exited: Exited) => void;
  /** The scheduler is about to end: it starts nothing more. */
  readonly retire: () => void;
};
