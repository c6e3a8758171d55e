import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { goCommand } from "../../../../packaging/go-command.ts";
import { built, buildInto, type Recipe } from "./built.ts";
import { numbers, type Interpreter, type Language } from "./language.ts";

const run = promisify(execFile);

/** Minor version of Go 1 that the bootstrap is written for. */
const LEAST = 19;
const PROGRAM = "bootstrap";

/** Functions bring their own programs; this machine's Go only builds the bootstrap that starts them. */
export const go: Language = {
  family: "go",
  find,
  choose: (found, version) => (version === "1.x" ? found[0] : undefined),
  missing: (version) =>
    version === "1.x"
      ? `No Go 1.${LEAST} or newer was found on this Linux machine; it builds the bootstrap, once. Install it and put it on PATH.`
      : "A plugin (.so) runs only in the very Go 1.8 that built it, which ended in 2018. Choose Go1.x: give the same code a main that calls runtime.Register(Handler), and build it as a program.",
  build: (interpreter, image) => buildInto(image, bootstrap(image, interpreter.version)),
};

/** The built bootstrap. @param image the family's folder. @param version of Go */
export async function bootstrapProgram(image: string, version: string): Promise<string> {
  return join(await built(bootstrap(image, version)), PROGRAM);
}

/** Builds a program or package of a Go module, from its sources alone. */
export async function goBuild(folder: string, what: string, target: string): Promise<void> {
  const command = ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", target, what];
  const env = { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off" };
  await run(goCommand() ?? "go", command, { cwd: folder, env: { ...env, GOPROXY: "off" } });
}

function bootstrap(image: string, version: string): Recipe {
  const sources = readdirSync(image)
    .filter((name) => name.endsWith(".go") || name === "go.mod")
    .sort();
  return {
    name: "go-bootstrap",
    sources: sources.map((name) => join(image, name)),
    with: `${version} ${process.arch}`,
    make: (folder) => goBuild(image, ".", join(folder, PROGRAM)),
  };
}

async function find(): Promise<readonly Interpreter[]> {
  if (process.platform !== "linux") return [];
  try {
    const { stdout } = await run(goCommand() ?? "go", ["env", "GOVERSION"], {
      env: { ...process.env, GOTOOLCHAIN: "local" },
    });
    const version = stdout.trim().replace(/^go/, "");
    const [major = 0, minor = 0] = numbers(version);
    if (major === 1 && minor < LEAST) return [];
    return [{ family: "go", name: "go1.x", version, program: PROGRAM, prefix: "/usr", arguments: () => [] }];
  } catch {
    // No Go on PATH.
    return [];
  }
}
