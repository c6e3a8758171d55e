import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { built } from "../../../platform/drivers/process/languages/built.ts";
import { bootstrapProgram, go as machine, goBuild } from "../../../platform/drivers/process/languages/go.ts";
import { IMAGES, type Language, type Program } from "./language.ts";

const IMAGE = join(IMAGES, "go");
const MODULE = join(IMAGE, "go-runtime");
const SOURCES = join(IMAGES, "contract", "go");
/** The name of every case's program, and the file beside it that says which case it is. */
const PROGRAM = "index";
const WHICH = "case";

/** Linking a program takes a second: all cases are one, which looks beside itself for the case it is. */
export const go: Language = {
  family: "go",
  // The handler is the program's name; hooks have names of their own.
  handler: (name) => (name === "index.handler" ? PROGRAM : name),
  subjects,
  async putCode(id, folder) {
    if (id === "a-missing-file") return;
    const program = await casesProgram((await machine.find())[0]?.version ?? "");
    await cp(program, join(folder, PROGRAM));
    await writeFile(join(folder, WHICH), id);
  },
};

async function subjects(): Promise<{ found: Program[]; missing: string[] }> {
  const [toolchain] = await machine.find();
  if (toolchain === undefined) return { found: [], missing: [`go: ${machine.missing("1.x")}`] };
  const { version } = toolchain;
  const [command] = await Promise.all([bootstrapProgram(IMAGE, version), casesProgram(version)]);
  return { found: [{ title: `go ${version}`, command, args: [] }], missing: [] };
}

async function casesProgram(version: string): Promise<string> {
  const folder = await built({
    name: "go-contract",
    sources: [MODULE, SOURCES],
    with: `${version} ${process.arch}`,
    make: (made) => buildCases(join(made, PROGRAM)),
  });
  return join(folder, PROGRAM);
}

async function buildCases(target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fungraph-go-cases-"));
  try {
    const ids = readdirSync(SOURCES)
      .filter((name) => name.endsWith(".go"))
      .map((name) => basename(name, ".go"));
    await symlink(MODULE, join(folder, "go-runtime"));
    await writeFile(join(folder, "go.mod"), GO_MOD);
    await writeFile(join(folder, "main.go"), mainOf(ids));
    await Promise.all(ids.map((id) => writePackage(folder, id)));
    await goBuild(folder, ".", target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const GO_MOD = `module contract

go 1.19

require huaweicloud.com/go-runtime v0.0.0

replace huaweicloud.com/go-runtime => ./go-runtime
`;

/** The case as a package: its `main` gets a name that others can call. */
async function writePackage(folder: string, id: string): Promise<void> {
  const source = readFileSync(join(SOURCES, `${id}.go`), "utf8")
    .replace(/^package main$/m, `package ${packageOf(id)}`)
    .replace(/^func main\(\)/m, "func Main()");
  await mkdir(join(folder, packageOf(id)));
  await writeFile(join(folder, packageOf(id), `${PROGRAM}.go`), source);
}

function mainOf(ids: readonly string[]): string {
  return `package main

import (
	"os"
	"path/filepath"

${ids.map((id) => `\t"contract/${packageOf(id)}"`).join("\n")}
)

var cases = map[string]func(){
${ids.map((id) => `\t"${id}": ${packageOf(id)}.Main,`).join("\n")}
}

func main() {
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	id, err := os.ReadFile(filepath.Join(filepath.Dir(program), "${WHICH}"))
	if err != nil {
		panic(err)
	}
	cases[string(id)]()
}
`;
}

function packageOf(id: string): string {
  return id.replaceAll("-", "_");
}
