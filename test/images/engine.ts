import { Engine } from "../../platform/drivers/docker/engine.ts";

/** Why there is no engine to test with; undefined when there is one. */
export async function noEngine(): Promise<string | undefined> {
  try {
    const engine = new Engine();
    await engine.ask({ method: "GET", path: "/info" });
    engine.close();
    return undefined;
  } catch (error) {
    return `${(error as Error).message} For tests: node scripts/docker-engine.ts start`;
  }
}
