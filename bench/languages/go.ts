import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ZipArchive } from "archiver";
import { CodeType } from "../../model/runtimes.ts";
import { goBuild } from "../../platform/drivers/process/languages/go.ts";
import type { BenchLanguage } from "./language.ts";

const MODULE = fileURLToPath(new URL("../../runtime-images/go/go-runtime", import.meta.url));
const GO_MOD = `module echo

go 1.19

require huaweicloud.com/go-runtime v0.0.0

replace huaweicloud.com/go-runtime => ./go-runtime
`;
const SOURCE = `package main

import (
	"encoding/json"

	"huaweicloud.com/go-runtime/events/apig"
	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	var event apig.APIGTriggerEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	return apig.APIGTriggerResponse{
		StatusCode: 200,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       event.GetRawBody(),
	}, nil
}

func main() {
	runtime.Register(handler)
}
`;

let packed: Promise<Buffer> | undefined;

export const go: BenchLanguage = {
  family: "go",
  name: "Go",
  handler: "echo",
  goalMs: { spawned: 25, pooled: 15 },
  code: async () => ({ type: CodeType.Zip, file: await (packed ??= pack()), filename: "echo.zip" }),
};

async function pack(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "fungraph-bench-go-"));
  try {
    await symlink(MODULE, join(folder, "go-runtime"));
    await writeFile(join(folder, "go.mod"), GO_MOD);
    await writeFile(join(folder, "main.go"), SOURCE);
    await goBuild(folder, ".", join(folder, "echo"));
    const zip = new ZipArchive();
    zip.append(await readFile(join(folder, "echo")), { name: "echo" });
    void zip.finalize();
    return Buffer.concat(await zip.toArray());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
