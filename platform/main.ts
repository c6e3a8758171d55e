import { Closers } from "./roles/closers.ts";
import type { PlatformConfig, PlatformFacts, RunningPlatform } from "./roles/config.ts";
import { serveEmbedded } from "./roles/embedded.ts";

export type { ClusterConfig, PlatformConfig, RunningPlatform } from "./roles/config.ts";

/**
 * Starts the platform in this process: all of it, or with `cluster` one role of several processes. There is no other way to start than
 * the one after a crash: what an earlier run left is cleaned up, and what it had accepted goes on.
 *
 * Rejects with DataFolderInUseError when another platform works on the folder, DriverUnavailableError when instances cannot run, and with a sentence (`code` as Node
 * gives it, for example EADDRINUSE) when it cannot listen.
 */
export async function startPlatform(config: PlatformConfig): Promise<RunningPlatform> {
  const closers = new Closers();
  try {
    const facts = await serve(config, closers);
    return { ...facts, close: () => closers.close() };
  } catch (error) {
    // What kept it from starting says more than what could not be closed after it.
    await closers.close().catch(() => undefined);
    throw error;
  }
}

async function serve(config: PlatformConfig, closers: Closers): Promise<PlatformFacts> {
  const { cluster } = config;
  if (cluster === undefined) return serveEmbedded(config, closers);
  // PostgreSQL's client is loaded where it is needed.
  if (cluster.role === "gateway")
    return (await import("./roles/gateway.ts")).serveGateway(config, cluster, closers);
  return (await import("./roles/scheduler.ts")).serveScheduler(config, cluster, closers);
}
