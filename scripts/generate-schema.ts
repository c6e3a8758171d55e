// Writes docs/schema.json: the package in the words of Pulumi's schema. A test fails while the file is stale.
import { writeFileSync } from "node:fs";
import packageFile from "../package.json" with { type: "json" };
import { packageSchema } from "../provider/plugin/schema.ts";

const text = JSON.stringify(packageSchema(packageFile.version), null, 2);
writeFileSync(new URL("../docs/schema.json", import.meta.url), `${text}\n`);
