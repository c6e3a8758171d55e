/**
 * Every limit of the service in one table (guide 1.6, 3.2–3.10; API notes). Sizes are bytes, times are in the named unit.
 * The platform may raise or lower the quotas; the rest are properties of the service.
 */
const KB = 1024;
const MB = 1024 * KB;
const GB = 1024 * MB;

export const LIMITS = {
  /** Functions of one project (guide 1.6). */
  functions: 400,
  versionsPerFunction: 10,
  aliasesPerFunction: 10,
  testEventsPerFunction: 10,
  dependenciesPerFunction: 20,
  /** As the tag service has it. */
  tagsPerFunction: 20,
  /** Executions at the same time in one account. */
  concurrentExecutions: 100,
  /** Share of `concurrentExecutions` that may be reserved. */
  reservedShare: 0.9,
  /** Code and dependencies of one project; an archive that several functions have counts once. */
  totalCodeBytes: 10 * GB,

  functionNameLength: 60,
  descriptionLength: 512,
  handlerLength: 128,
  testEventNameLength: 25,
  dependencyNameLength: 96,
  triggerNameLength: 64,
  httpPathLength: 512,
  aliasNameLength: 63,
  versionNameLength: 42,
  /** Keys and values of all environment variables together, in characters (guide 3.3.6). */
  environmentCharacters: 4096,

  inlineCodeBytes: 10 * KB,
  zipBytes: 50 * MB,
  linkedZipBytes: 300 * MB,
  /** A dependency in a request (API notes). */
  dependencyUploadBytes: 40 * MB,
  unpackedBytes: 1500 * MB,
  /** Files in one archive; the guide names it for dependencies (FAQ 6.2). */
  archiveFiles: 30_000,

  /** MB; the guide's list (3.3.2) and what the API adds. */
  memorySizesMb: [128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10240],
  timeoutSeconds: { min: 3, max: 259_200, default: 3 },
  initializerTimeoutSeconds: { min: 1, max: 300 },
  preStopTimeoutSeconds: { min: 1, max: 90 },
  /** A synchronous caller waits no longer than this (guide 3.6.1). */
  synchronousSeconds: 900,
  concurrencyPerInstance: { min: 1, max: 1000, default: 1 },
  /** −1: no limit, 0: function disabled (guide 3.3.8). */
  maxInstances: { min: -1, max: 1000, default: 400 },
  /** An instance without calls is given back after this time (FAQ 4.5). */
  idleSeconds: 60,
  /** Calls that wait for instances of one version, and for how long while some run (docs/decisions/0028). */
  queueLength: 1000,
  queueSeconds: 30,

  requestBytes: 6 * MB,
  responseBytes: 6 * MB,
  asyncRequestBytes: 256 * KB,
  /** Asynchronous requests that may wait, all functions together; one function may have half of them. */
  asyncQueueLength: 1_000_000,
  asyncRetries: { min: 0, max: 3, default: 1 },
  asyncAgeSeconds: { min: 1, max: 86_400, default: 3_600 },

  /** /tmp of one instance. */
  temporaryBytes: 512 * MB,
  /** Command, arguments and working folder of a container image together (guide 3.2.4). */
  imageStartCharacters: 5120,
  imageReferenceLength: 512,
  /** User and group ids that a container may run as; the guide forbids root and reserved ones. */
  imageUser: { min: 1001, max: 65_533 },
  fileDescriptors: 1024,
  processes: 1024,
  /** Tail of the log that `X-Cff-Log-Type: tail` returns (guide 3.4). */
  logTailBytes: 2 * KB,
  /** One log line is cut into pieces of this size. */
  logLineBytes: 90 * KB,
  /** Log bytes kept of one invocation; what is beyond is counted, not kept. */
  logBytesPerInvocation: 4 * MB,

  /** Shortest `@every`; the guide names none, and shorter ones would only keep the machine busy. */
  everyMilliseconds: 100,
  /** Backend timeout of an HTTP trigger, milliseconds. */
  backendTimeoutMs: { min: 1, max: 600_000, default: 5_000 },
  /** Minutes, hours and days of a Rate schedule (guide 3.5.2). */
  rateMinutes: 60,
  rateHours: 24,
  rateDays: 30,
  /** A signed request is refused when its date is further away than this. */
  signatureAgeSeconds: 900,
} as const;

/** The limits of model/limits.ts, which an installation may raise or lower. */
export type Limits = Widened<typeof LIMITS>;
type Widened<T> = T extends number
  ? number
  : T extends readonly number[]
    ? readonly number[]
    : { readonly [K in keyof T]: Widened<T[K]> };

/** Millicores that go with a memory size (facts of the API: 128 MB → 300). */
export function cpuMillicores(memoryMb: number): number {
  return Math.round((memoryMb / 128) * 100 + 200);
}
