import * as grpc from "@grpc/grpc-js";

/** An engine that does not answer holds up nobody longer than this. */
const PATIENCE_MS = 2000;

/** Tells the engine's reader something that is no failure. Resolves when it is told, or cannot be. */
export async function warnThrough(engine: string, sentence: string): Promise<void> {
  const { default: services } = await import("@pulumi/pulumi/proto/engine_grpc_pb.js");
  const { default: proto } = await import("@pulumi/pulumi/proto/engine_pb.js");
  const client = new services.EngineClient(engine, grpc.credentials.createInsecure());
  const request = new proto.LogRequest().setSeverity(proto.LogSeverity.WARNING).setMessage(sentence);
  const deadline = Date.now() + PATIENCE_MS;
  await new Promise<void>((resolve) =>
    client.log(request, new grpc.Metadata(), { deadline }, () => resolve()),
  );
  client.close();
}
