import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/engine_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

const PLUGIN = fileURLToPath(new URL("../../provider/pulumi-resource-fungraph", import.meta.url));

/** The methods of the provider's protocol. */
export const methods = providerServices.ResourceProviderService;

/** The provider's process, started and spoken to as Pulumi's engine does. */
export class ProviderProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  /** Everything that it printed before it could be spoken to. */
  readonly printed: string;
  readonly #folder: string;
  readonly #client: grpc.Client;

  private constructor(child: ChildProcess, printed: string, folder: string) {
    this.child = child;
    this.printed = printed;
    this.#folder = folder;
    this.#client = new grpc.Client(`127.0.0.1:${Number(printed)}`, grpc.credentials.createInsecure());
  }

  /**
   * @param node the Node that the file's first line would find
   * @param engine where the engine is reached; nowhere by default
   */
  static async start(node: string = process.execPath, engine = "127.0.0.1:1"): Promise<ProviderProcess> {
    const folder = mkdtempSync(join(tmpdir(), "fungraph-plugin-"));
    const child = spawn(node, [PLUGIN, engine], {
      cwd: folder,
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FUNGRAPH_"))),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed] = (await once(child.stdout, "data")) as [Buffer];
    return new ProviderProcess(child, printed.toString(), folder);
  }

  /** Calls one method of the protocol and answers its reply. */
  call<Request, Reply>(method: grpc.MethodDefinition<Request, Reply>, request: Request): Promise<Reply> {
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, reply) =>
        reply === undefined ? reject(error ?? new Error(`${path} answered nothing`)) : resolve(reply),
      );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    if (this.child.exitCode === null && this.child.kill()) await once(this.child, "exit");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Values as they are on the wire. */
export function wire(values: Record<string, unknown>): struct.Struct {
  return struct.Struct.fromJavaScript(values as Record<string, struct.JavaScriptValue>);
}

/** As much of Pulumi's engine as hears what a provider tells. */
export class ListeningEngine implements Disposable {
  readonly heard: string[] = [];
  readonly #server = new grpc.Server();
  #address = "";

  static async start(): Promise<ListeningEngine> {
    const engine = new ListeningEngine();
    engine.#server.addService({ log: services.EngineService.log }, { log: engine.#hear });
    const bound = Promise.withResolvers<number>();
    engine.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? bound.resolve(port) : bound.reject(error),
    );
    engine.#address = `127.0.0.1:${await bound.promise}`;
    return engine;
  }

  get address(): string {
    return this.#address;
  }

  readonly #hear: grpc.handleUnaryCall<proto.LogRequest, empty.Empty> = ({ request }, callback) => {
    const warning = request.getSeverity() === proto.LogSeverity.WARNING;
    this.heard.push(`${warning ? "warning" : "other"}: ${request.getMessage()}`);
    callback(null, new empty.Empty());
  };

  [Symbol.dispose](): void {
    this.#server.forceShutdown();
  }
}
