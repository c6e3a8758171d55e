import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

/*
 * A stand-in for `pulumi-language-nodejs`, which comes with the Pulumi CLI but not as a Go module that can be built. It
 * starts a program the way that host does, through the entry that @pulumi/pulumi has for it; everything else of a
 * deployment is the real engine's. It installs nothing, generates nothing and attaches no debugger.
 */

/** With this code the program's runtime says that the reader knows already what is wrong. */
const TOLD = 32;

const engine = process.argv.at(-1) ?? "";
const running = new Set<ReturnType<typeof spawn>>();

function run(call: { request: proto.RunRequest }, callback: grpc.sendUnaryData<proto.RunResponse>): void {
  const { request } = call;
  const child = spawn(process.execPath, argumentsOf(request), {
    cwd: request.getInfo()?.getProgramDirectory() || request.getPwd(),
    env: environmentOf(request),
    stdio: ["ignore", "inherit", "inherit"],
  });
  running.add(child);
  child.on("close", (code, signal) => {
    running.delete(child);
    const reply = new proto.RunResponse().setBail(code === TOLD);
    if (code !== 0 && code !== TOLD)
      reply.setError(`Program exited with ${signal ?? `non-zero exit code: ${code}`}`);
    callback(null, reply);
  });
}

function argumentsOf(request: proto.RunRequest): string[] {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const extra = typeof options["nodeargs"] === "string" ? options["nodeargs"].split(" ") : [];
  const entry = createRequire(join(folder, "program.js")).resolve("@pulumi/pulumi/cmd/run");
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    "root-directory": info?.getRootDirectory() ?? "",
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const told = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  return [
    ...extra,
    entry,
    ...told,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || ".",
  ];
}

function environmentOf(request: proto.RunRequest): NodeJS.ProcessEnv {
  const options = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  return {
    ...process.env,
    PULUMI_NODEJS_TYPESCRIPT: options["typescript"] === false ? "false" : "true",
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

/** Runs a policy pack or a provider and passes on what it prints; the first line is the port that the engine waits for. */
function runPlugin(call: grpc.ServerWritableStream<proto.RunPluginRequest, proto.RunPluginResponse>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const runner = request.getKind() === "resource" ? "run-plugin" : "run-policy-pack";
  const entry = createRequire(join(folder, "plugin.js")).resolve(`@pulumi/pulumi/cmd/${runner}`);
  const program = join(folder, request.getInfo()?.getEntryPoint() || ".");
  const args = request.getArgsList();
  // A provider is called before its arguments, a policy pack behind them.
  const all = runner === "run-plugin" ? [program, ...args] : [...args, program];
  const child = spawn(process.execPath, [entry, ...all], {
    cwd: request.getPwd(),
    env: { ...process.env, ...Object.fromEntries(request.getEnvList().map((each) => each.split(/=(.*)/s))) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.stdout.on("data", (text: Buffer) => call.write(new proto.RunPluginResponse().setStdout(text)));
  child.stderr.on("data", (text: Buffer) => call.write(new proto.RunPluginResponse().setStderr(text)));
  child.on("close", (code) => {
    running.delete(child);
    call.write(new proto.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill());
}

/** Answers with a message that says nothing. */
function nothing<Reply>(make: () => Reply): grpc.handleUnaryCall<unknown, Reply> {
  return (_call, callback) => callback(null, make());
}

const server = new grpc.Server();
server.addService(services.LanguageRuntimeService, {
  run,
  runPlugin,
  installDependencies: (call: grpc.ServerWritableStream<unknown, unknown>) => call.end(),
  handshake: nothing(() => new proto.LanguageHandshakeResponse()),
  getPluginInfo: nothing(() => new plugin.PluginInfo().setVersion("0.0.0")),
  getRequiredPackages: nothing(() => new proto.GetRequiredPackagesResponse()),
  getProgramDependencies: nothing(() => new proto.GetProgramDependenciesResponse()),
  cancel: nothing(() => {
    for (const child of running) child.kill("SIGINT");
    return new empty.Empty();
  }),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent) return;
  for (const child of running) child.kill("SIGKILL");
  process.exit(0);
}, 1000).unref();
