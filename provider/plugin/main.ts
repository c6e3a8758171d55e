import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Provider } from "./provider.ts";
import { implement } from "./service.ts";

/*
 * The provider's process. Pulumi's engine starts it in the program's folder, reads a port from the first line that it
 * prints, and ends it with SIGINT or SIGKILL. Its first argument is where the engine itself is reached.
 */

const WATCH_MS = 1000;

let loading: Promise<Provider> | undefined;

/**
 * What answers the engine. It is loaded for the first question and not before: once it has the port, the engine gives up on
 * a provider that does not answer its greeting within ten seconds, and a busy machine may take as long for the loading.
 */
function load(): Promise<Provider> {
  loading ??= import("./provider.ts").then((module) => new module.Provider(process.cwd(), tell));
  return loading;
}

async function tell(sentence: string): Promise<void> {
  const [, , address = ""] = process.argv;
  const { warnThrough } = await import("./engine-log.ts");
  await warnThrough(address, sentence);
}

const server = new grpc.Server({
  // Inputs may be as large as the engine likes.
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
});
server.addService(services.ResourceProviderService, implement(load));

server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});

let ending = false;

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await (await loading)?.close();
  server.forceShutdown();
  process.exit(0);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void end());

// An engine that was killed cannot say goodbye; without it nobody wants what this process does.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) void end();
}, WATCH_MS).unref();
