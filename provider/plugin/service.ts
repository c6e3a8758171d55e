import { readFileSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { type Fault, formatReason } from "../../model/fault.ts";
import { RefusedError } from "../resource.ts";
import { ApiError } from "../../client/api-error.ts";
import { detailedDiff } from "./detailed-diff.ts";
import { CancelledError } from "./operations.ts";
import type { Provider } from "./provider.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Puts a question to the provider, as soon as that is there. */
type Ask = <Request, Reply>(
  work: (provider: Provider, request: Request) => Reply | Promise<Reply>,
) => grpc.handleUnaryCall<Request, Reply>;

/** Pulumi's protocol for providers, spoken for one provider. Calls that are not here are answered "unimplemented". */
export function implement(load: () => Promise<Provider>): grpc.UntypedServiceImplementation {
  const ask: Ask = (work) => answer(async (request) => work(await load(), request));
  return { ...describePlugin(), ...configure(ask), ...compare(ask), ...apply(ask) };
}

function describePlugin(): grpc.UntypedServiceImplementation {
  return {
    handshake: answer(() => {
      const reply = new proto.ProviderHandshakeResponse().setAcceptSecrets(true);
      return reply.setAcceptResources(false).setAcceptOutputs(false);
    }),
    attach: answer(() => new empty.Empty()),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(version)),
    getSchema: answer(async () => {
      const { packageSchema } = await import("./schema.ts");
      return new proto.GetSchemaResponse().setSchema(JSON.stringify(packageSchema(version)));
    }),
  };
}

function configure(ask: Ask): grpc.UntypedServiceImplementation {
  return {
    checkConfig: ask((provider, request: proto.CheckRequest) =>
      checked(provider.checkConfiguration(read(request.getNews()))),
    ),

    diffConfig: ask((provider, request: proto.DiffRequest) => {
      const { changed, other } = provider.diffConfiguration(read(request.getOlds()), read(request.getNews()));
      const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
      const reply = new proto.DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
      reply.setDiffsList(changed);
      reply.setReplacesList(other);
      return reply;
    }),

    configure: ask((provider, request: proto.ConfigureRequest) => {
      provider.configure(read(request.getArgs()));
      const reply = new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
      return reply.setAcceptresources(false).setAcceptoutputs(false);
    }),

    cancel: ask((provider) => {
      provider.cancel();
      return new empty.Empty();
    }),
  };
}

function compare(ask: Ask): grpc.UntypedServiceImplementation {
  return {
    check: ask(async (provider, request: proto.CheckRequest) =>
      checked(await provider.check(typeOf(request), read(request.getNews()))),
    ),

    diff: ask((provider, request: proto.DiffRequest) =>
      detailedDiff(provider.diff(typeOf(request), read(request.getOlds()), read(request.getNews()))),
    ),
  };
}

function apply(ask: Ask): grpc.UntypedServiceImplementation {
  return {
    create: ask(async (provider, request: proto.CreateRequest) => {
      const [type, given] = [typeOf(request), read(request.getProperties())];
      const { id, properties } = request.getPreview()
        ? { id: "", properties: provider.predict(type, given) }
        : await provider.create(type, request.getUrn(), given);
      return new proto.CreateResponse().setId(id).setProperties(write(properties));
    }),

    read: ask(async (provider, request: proto.ReadRequest) => {
      const known = read(request.getProperties());
      const found = await provider.read(typeOf(request), request.getId(), known);
      // No id: the resource is gone.
      if (found === undefined) return new proto.ReadResponse();
      const reply = new proto.ReadResponse().setId(found.id);
      return reply.setProperties(write(found.properties)).setInputs(write(found.inputs));
    }),

    update: ask(async (provider, request: proto.UpdateRequest) => {
      const [type, old, next] = [typeOf(request), read(request.getOlds()), read(request.getNews())];
      const properties = request.getPreview()
        ? provider.predict(type, next, old)
        : await provider.update(type, request.getId(), old, next);
      return new proto.UpdateResponse().setProperties(write(properties));
    }),

    delete: ask(async (provider, request: proto.DeleteRequest) => {
      await provider.delete(typeOf(request), request.getId(), read(request.getProperties()));
      return new empty.Empty();
    }),
  };
}

function answer<Request, Reply>(
  work: (request: Request) => Reply | Promise<Reply>,
): grpc.handleUnaryCall<Request, Reply> {
  const reply = async (call: { request: Request }, callback: grpc.sendUnaryData<Reply>): Promise<void> => {
    try {
      callback(null, await work(call.request));
    } catch (error) {
      callback(statusOf(error));
    }
  };
  return (call, callback) => void reply(call, callback);
}

/** Refusals speak for themselves; anything else is a fault of ours and says where it happened. */
function statusOf(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof CancelledError) return { code: grpc.status.CANCELLED, details: error.message };
  if (error instanceof ApiError || error instanceof RefusedError)
    return { code: grpc.status.UNKNOWN, details: error.message };
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: grpc.status.INTERNAL, details: `fungraph has a fault; please report it: ${told}` };
}

/** The type token of a resource: the last part of the chain of types in its URN. */
function typeOf(request: { getUrn(): string }): string {
  return request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
}

function checked(result: {
  readonly inputs: Record<string, unknown>;
  readonly faults: readonly Fault[];
}): proto.CheckResponse {
  const reply = new proto.CheckResponse().setInputs(write(result.inputs));
  for (const fault of result.faults)
    reply.addFailures(new proto.CheckFailure().setProperty(fault.property).setReason(formatReason(fault)));
  return reply;
}

function read(values: struct.Struct | undefined): Record<string, unknown> {
  return values?.toJavaScript() ?? {};
}

function write(values: Record<string, unknown>): struct.Struct {
  return struct.Struct.fromJavaScript(
    // Leaves out what is undefined, which the wire has no form for.
    JSON.parse(JSON.stringify(values)) as Record<string, struct.JavaScriptValue>,
  );
}
