// A test double of `pulumi-resource-docker`, which cannot be built from Go modules: the part of its protocol that a platform on Docker uses, with a real engine behind it.
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { container } from "./container.ts";
import type { DockerResource, Values } from "./resource.ts";
import { volume } from "./volume.ts";

const RESOURCES: Readonly<Record<string, DockerResource>> = {
  "docker:index/container:Container": container,
  "docker:index/volume:Volume": volume,
};

/** Other properties that differ make a new resource. */
function compare(request: proto.DiffRequest): proto.DiffResponse {
  const { updatable } = resourceOf(request);
  const [old, next] = [read(request.getOldInputs()), read(request.getNews())];
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  const changed = names.filter((name) => !same(old[name], next[name])).sort();
  const replaces = changed.filter((name) => !updatable.includes(name));
  const reply = new proto.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  reply.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  reply.setReplacesList(replaces).setDiffsList(changed).setHasdetaileddiff(true);
  for (const name of changed) {
    const { UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
    const kind = replaces.includes(name) ? UPDATE_REPLACE : UPDATE;
    reply.getDetaileddiffMap().set(name, new proto.PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return reply;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function resourceOf(request: { getUrn(): string }): DockerResource {
  const type = request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
  const found = RESOURCES[type];
  if (found === undefined) throw new Error(`the double of the docker plugin has no ${type}`);
  return found;
}

/** Names that nobody gives get one that nothing else has, and keep it. */
function check(request: proto.CheckRequest): proto.CheckResponse {
  const given = read(request.getNews());
  const { name = read(request.getOlds())["name"] } = given;
  const short = Buffer.from(request.getRandomseed_asU8()).toString("hex").slice(0, 7);
  const made = `${request.getUrn().split("::").at(-1)}-${short || process.hrtime.bigint().toString(16).slice(-7)}`;
  return new proto.CheckResponse().setInputs(write({ ...given, name: name ?? made }));
}

async function create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
  const inputs = read(request.getProperties());
  if (request.getPreview()) return new proto.CreateResponse().setProperties(write(inputs));
  const id = await resourceOf(request).create(inputs);
  return new proto.CreateResponse().setId(id).setProperties(write(inputs));
}

async function look(request: proto.ReadRequest): Promise<proto.ReadResponse> {
  const found = await resourceOf(request).read(request.getId(), read(request.getProperties()));
  if (found === undefined) return new proto.ReadResponse();
  const inputs = { ...read(request.getInputs()), ...found };
  const state = { ...read(request.getProperties()), ...found };
  return new proto.ReadResponse().setId(request.getId()).setInputs(write(inputs)).setProperties(write(state));
}

async function update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
  const inputs = read(request.getNews());
  if (!request.getPreview()) await resourceOf(request).update(request.getId(), inputs);
  return new proto.UpdateResponse().setProperties(write(inputs));
}

async function remove(request: proto.DeleteRequest): Promise<empty.Empty> {
  await resourceOf(request).delete(request.getId(), read(request.getProperties()));
  return new empty.Empty();
}

function read(values: struct.Struct | undefined): Values {
  return values?.toJavaScript() ?? {};
}

function write(values: Values): struct.Struct {
  return struct.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(values)) as Record<string, struct.JavaScriptValue>,
  );
}

function answer<Request, Reply>(
  work: (request: Request) => Reply | Promise<Reply>,
): grpc.handleUnaryCall<Request, Reply> {
  const reply = async (request: Request, callback: grpc.sendUnaryData<Reply>): Promise<void> => {
    try {
      callback(null, await work(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: (error as Error).message });
    }
  };
  return ({ request }, callback) => void reply(request, callback);
}

const server = new grpc.Server();
server.addService(services.ResourceProviderService, {
  getPluginInfo: answer(() => new plugin.PluginInfo().setVersion("5.2.0")),
  checkConfig: answer((request: proto.CheckRequest) =>
    new proto.CheckResponse().setInputs(request.getNews()),
  ),
  diffConfig: answer(() => new proto.DiffResponse()),
  configure: answer(() => new proto.ConfigureResponse().setSupportspreview(true)),
  check: answer(check),
  diff: answer(compare),
  create: answer(create),
  read: answer(look),
  update: answer(update),
  delete: answer(remove),
  cancel: answer(() => new empty.Empty()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
}, 1000).unref();
