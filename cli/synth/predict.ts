import type { Registered, Registration } from "../evaluate/messages.ts";

const REGION = "region";
const PROJECT = "project";

type Predict = (inputs: Record<string, unknown>, name: string) => Record<string, unknown>;

/**
 * Outputs as they will look, with made-up words where only a platform knows the right ones. They keep the form of the
 * real ones, so that a program may take them apart.
 */
const PREDICTIONS: Record<string, Predict> = {
  "fungraph:index:Function": (inputs) => ({
    functionName: inputs["name"],
    functionUrn: `urn:fss:${REGION}:${PROJECT}:function:${text(inputs["package"])}:${text(inputs["name"])}:latest`,
    version: "latest",
  }),
  "fungraph:index:Version": (inputs, name) => {
    const version = text(inputs["name"] ?? `version-of-${name}`);
    return { version, versionUrn: qualified(inputs, version) };
  },
  "fungraph:index:Alias": (inputs) => ({ aliasUrn: qualified(inputs, `!${text(inputs["name"])}`) }),
  "fungraph:index:HttpTrigger": (inputs, name) => ({
    triggerId: `id-of-${name}`,
    url: `http://platform${text(inputs["path"])}`,
  }),
  "fungraph:index:TimerTrigger": (_inputs, name) => ({ triggerId: `id-of-${name}` }),
};

/** What a registration would be answered with, without any platform. */
export function predict(registration: Registration): Registered {
  const outputs = PREDICTIONS[registration.type]?.(registration.inputs, registration.name) ?? {};
  return { id: registration.custom ? `id-of-${registration.name}` : undefined, outputs };
}

function qualified(inputs: Record<string, unknown>, qualifier: string): string {
  return text(inputs["functionUrn"]).split(":").slice(0, 7).concat(qualifier).join(":");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : String(JSON.stringify(value));
}
