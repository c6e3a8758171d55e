import type { PlatformConfig } from "../main.ts";

/** Where the container keeps everything; a volume. */
export const DATA_FOLDER = "/var/lib/fungraph";
/** Names the platform's project and region and holds its keys; in the data folder, for its owner alone. */
export const ACCESS_FILE = "access.json";
const USUAL_PORT = 8420;

/** What that file says. */
export interface Access {
  readonly projectId: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The settings of the platform that variables of the environment hold; what they leave out is the platform's own default. */
export function readSettings(env: NodeJS.ProcessEnv): Omit<PlatformConfig, "dataDir"> {
  return {
    host: env["FUNGRAPH_HOST"] ?? "127.0.0.1",
    port: Number(env["FUNGRAPH_PORT"] ?? USUAL_PORT),
    region: env["FUNGRAPH_REGION"] ?? "local",
    publicUrl: env["FUNGRAPH_PUBLIC_URL"],
    timeZone: env["FUNGRAPH_TIME_ZONE"],
    idleSeconds: numberOf(env["FUNGRAPH_IDLE_SECONDS"]),
    warmth: env["FUNGRAPH_WARMTH"] !== "off",
    poolSize: numberOf(env["FUNGRAPH_POOL_SIZE"]),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
