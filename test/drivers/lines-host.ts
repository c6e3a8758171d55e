// A driver of its own for tests that kill it: makes and claims containers whose streams its parent has. Argument: run folder.
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import type { Claim, DriverInstance, InstanceRequest } from "../../platform/drivers/driver.ts";
import { REPOSITORY } from "../images/runtime-image.ts";

/** What the parent says: what it wants done, or how far it is with a link. */
export type ToHost =
  | { readonly create: InstanceRequest }
  | { readonly claim: Claim; readonly id: string }
  | { readonly listening: string }
  | { readonly connected: string };

/** What it hears: where to listen, and what came of what it wanted. */
export type FromHost =
  | { readonly listen: string }
  | { readonly token: string; readonly line: string }
  | { readonly codeRoot: string }
  | { readonly failed: string };

const [runDir = ""] = process.argv.slice(2);
const heard = new Map<string, () => void>();
const instances = new Map<string, DriverInstance>();

const driver = await DockerDriver.open({
  runDir,
  repository: REPOSITORY,
  awaitLine: async (folder) => {
    const [listening, connected] = ["listening", "connected"].map(
      (what) => new Promise<void>((resolve) => heard.set(`${what} ${folder}`, resolve)),
    );
    say({ listen: folder });
    await listening;
    return { name: (connected ?? Promise.reject()).then(() => folder), close: () => undefined };
  },
});

function say(message: FromHost): void {
  process.send?.(message);
}

async function serve(message: ToHost): Promise<void> {
  if ("listening" in message) heard.get(`listening ${message.listening}`)?.();
  else if ("connected" in message) heard.get(`connected ${message.connected}`)?.();
  else if ("create" in message) {
    const instance = await driver.create(message.create);
    instances.set(instance.id, instance);
    say({ token: instance.token, line: instance.line ?? "" });
  } else {
    const codeRoot = await instances.get(message.id)?.claim(message.claim);
    say({ codeRoot: codeRoot ?? "" });
  }
}

process.on("message", (message: ToHost) => {
  serve(message).catch((error: unknown) => say({ failed: (error as Error).message }));
});
