import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** SHA-256 over everything that a version would freeze: all inputs of a function, whatever their order, but its tags and the archive's place. */
export function contentDigest(inputs: pulumi.Inputs): pulumi.Output<string> {
  const { codeArchive: _place, tags: _tags, ...content } = inputs;
  return pulumi.output(content).apply((plain) =>
    createHash("sha256")
      .update(JSON.stringify(sorted(plain)))
      .digest("hex"),
  );
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, each]) => [key, sorted(each)]);
}
