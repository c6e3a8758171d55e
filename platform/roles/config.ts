import type { DriverName } from "../drivers/open-driver.ts";
import type { RuntimeAvailability } from "../drivers/driver.ts";
import type { GatewayLimits } from "../gateway/server.ts";

/** How a platform runs; everything but the folder has a default. */
export interface PlatformConfig {
  /** Folder for all that is remembered: store, code, logs. Made when it is missing. */
  readonly dataDir: string;
  /** Address to listen on. Default 127.0.0.1: reachable from this machine alone. */
  readonly host?: string;
  /** Port to listen on. Default 0: any that is free. */
  readonly port?: number;
  /** Where callers reach the platform, for the URLs of triggers, without a slash at its end. Default: as each caller reaches it. */
  readonly publicUrl?: string | undefined;
  /** Region in URNs. Default `local`. */
  readonly region?: string;
  /** IANA time zone in which timers read cron expressions and write their event's time. Default UTC. */
  readonly timeZone?: string | undefined;
  /** Seconds without a call after which an instance is released. Default 60. */
  readonly idleSeconds?: number | undefined;
  /**
   * True learns when functions are called: each keeps an instance while its next call is likely, and gets one just before it is, for no more
   * memory over time than `idleSeconds` for all would take. False: `idleSeconds` for all. Default true.
   */
  readonly warmth?: boolean | undefined;
  /** Generic instances kept warm of each runtime in use. Default 2. */
  readonly poolSize?: number | undefined;
  /** Where instances run. Default `process`. */
  readonly driver?: DriverName;
  /** Of the process driver: `auto` takes the best isolation this machine allows, `bare` asks for none. Default `auto`. */
  readonly isolation?: "auto" | "bare";
  /** Seconds that `close` gives running requests. Default 10. */
  readonly shutdownGraceSeconds?: number;
  /** Bounds of the gateway. */
  readonly limits?: Omit<GatewayLimits, "idleSeconds">;
  /** Set: this process is one of several that are one platform over PostgreSQL. Default: it is the whole platform. */
  readonly cluster?: ClusterConfig | undefined;
  /** Told what went wrong in the background. Default: a warning of the process. */
  readonly problem?: (error: unknown) => void;
}

/** What a process of several needs to know of the whole. */
export interface ClusterConfig {
  /**
   * `gateway` serves callers and talks to instances. `scheduler` starts and ends instances for the gateways of its machine; one of
   * them leads: it answers the control plane and fires timers.
   */
  readonly role: "gateway" | "scheduler";
  /** `postgresql://user:password@host:port/database`. One database is one platform. */
  readonly database: string;
  /** File with the key of secrets, 32 bytes, the same for all. */
  readonly keyFile: string;
  /** Folder that all processes share, in which each keeps the logs it writes. */
  readonly logsDir: string;
  /** Folder that all schedulers share, with the files of file systems and private zones. Only those whose functions run in containers need it. */
  readonly filesDir?: string | undefined;
}

/** The facts that the owner of a platform needs. */
export interface PlatformFacts {
  /** `http://host:port`, for callers on this machine. */
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  /** Isolation of instances that is in force, and sentences on what this machine lacks. */
  readonly isolation: { readonly inForce: readonly string[]; readonly missing: readonly string[] };
  readonly runtimes: readonly RuntimeAvailability[];
}

/** A platform that serves. */
export interface RunningPlatform extends PlatformFacts {
  /** Takes nothing new, finishes what runs within the grace, writes everything down, ends all instances. Safe to call twice. */
  close(): Promise<void>;
}
