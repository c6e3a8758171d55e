import * as pulumi from "@pulumi/pulumi";

/** Warns of what is declared. Previews tell it; a deployment, which comes after one, does not tell it again. */
export function warn(sentence: string, resource?: pulumi.Resource): void {
  if (pulumi.runtime.isDryRun()) void pulumi.log.warn(sentence, resource);
}
