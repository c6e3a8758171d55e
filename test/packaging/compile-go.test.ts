import { expect, test } from "vitest";
import { openArchive } from "../../packaging/archive.ts";
import { isElf, readContent } from "../../packaging/code-file.ts";
import { goCommand } from "../../packaging/go-command.ts";
import { packCode } from "../../packaging/pack.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const HAS_GO = goCommand() !== undefined;
if (!HAS_GO) console.warn("skipped: no Go on PATH, so nothing is compiled");

const GO_MOD =
  "module greeter\n\ngo 1.19\n\nrequire huaweicloud.com/go-runtime v0.0.0-00010101000000-000000000000\n";
const MAIN = `package main

import (
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	return "hello", nil
}

func main() {
	runtime.Register(handler)
}
`;
const given = { code: "greeter", runtime: "Go1.x", handler: "hello" } as const;

test.skipIf(!HAS_GO)("the folder of a Go module becomes its program, byte for byte the same", async () => {
  using folder = temporaryFolder({
    "greeter/go.mod": GO_MOD,
    "greeter/main.go": MAIN,
    "greeter/words/hello.txt": "hi",
  });
  const first = await packCode({ ...given, root: folder.path });
  expect((await packCode({ ...given, root: folder.path })).digest).toBe(first.digest);
  const { tree } = await openArchive("code", first.archive);
  expect([...tree.keys()]).toEqual(["hello", "words/hello.txt"]);
  const program = tree.get("hello");
  if (program === undefined) throw new Error("no program");
  expect(program.executable).toBe(true);
  const bytes = await readContent(program);
  expect(isElf(bytes)).toBe(true);
  // Where it was built is nobody's business.
  expect(bytes.includes(folder.path)).toBe(false);
});

test.skipIf(!HAS_GO)("every fault of the sources is told with its place", async () => {
  using folder = temporaryFolder({
    "greeter/go.mod": GO_MOD,
    "greeter/main.go": MAIN.replace('"hello", nil', "missing, absent"),
  });
  const refusal = await packCode({ ...given, root: folder.path }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PackagingError);
  expect((refusal as PackagingError).message).toMatch(/main\.go:9:9.*undefined: missing/);
  expect((refusal as PackagingError).message).toMatch(/main\.go:9:18.*undefined: absent/);
});

test.skipIf(!HAS_GO)("a runtime module that go.mod names is left alone", async () => {
  using folder = temporaryFolder({
    "greeter/go.mod": `${GO_MOD}replace huaweicloud.com/go-runtime => ./own\n`,
    "greeter/main.go": MAIN,
    "greeter/own/go.mod": "module huaweicloud.com/go-runtime\n",
    "greeter/own/go-api/context/context.go": "package context\n\ntype RuntimeContext interface{}\n",
    "greeter/own/pkg/runtime/runtime.go":
      'package runtime\n\nfunc Register(handler interface{}) { println("a module of its own") }\n',
  });
  const { archive } = await packCode({ ...given, root: folder.path });
  const { tree } = await openArchive("code", archive);
  const program = tree.get("hello");
  if (program === undefined) throw new Error("no program");
  expect((await readContent(program)).includes("a module of its own")).toBe(true);
});
