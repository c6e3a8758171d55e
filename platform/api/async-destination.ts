import type { Fault } from "../../model/fault.ts";
import { parseFunctionUrn } from "../../model/names.ts";
import { BUCKET } from "../../model/obs-events.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { LATEST } from "../../model/version.ts";
import type { AsyncDestination } from "../store/async-configs.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { ApiContext } from "./operation.ts";

/** Kinds of destinations as the API names them. */
const KINDS = { function: "FunctionGraph", bucket: "OBS", topic: "SMN" } as const;

/** What a body says of one destination. */
interface GivenDestination {
  readonly destination?: string | null | undefined;
  readonly param?: string | null | undefined;
}

/** Where a destination is read: for error texts, whose it is, and what there is. */
interface Place {
  readonly property: string;
  readonly own: FunctionKey;
  readonly context: ApiContext;
}

type Param = Readonly<Record<string, unknown>>;

const PREFIX = /^[\w!.*'()/ -]{0,512}$/;
const TOPIC = /^urn:smn:([^:]+):([^:]+):([^:]+)$/;
/** Characters of one part of an object's name: a folder of the data folder takes no more. */
const PART = 200;
const DAYS = 36_500;

/** A destination in the words of the API. */
export function wireDestination({ kind, param }: AsyncDestination): { destination: string; param: string } {
  return { destination: KINDS[kind], param };
}

/** What a body names as destination; undefined when it names none. */
export function readDestination(
  given: GivenDestination | null | undefined,
  place: Place,
): AsyncDestination | undefined | Fault[] {
  const kind = given?.destination ?? "";
  if (kind === "") return undefined;
  const text = given?.param ?? "";
  const param = objectIn(text);
  switch (kind) {
    case KINDS.function:
      return readFunction(param, text, place);
    case KINDS.bucket:
      return readBucket(param, text, place);
    case KINDS.topic:
      return readTopic(param, text, place);
    default:
      return unknownKind(`${place.property}.destination`, kind);
  }
}

function readFunction(param: Param, text: string, place: Place): AsyncDestination | Fault[] {
  const { own, context } = place;
  const { store, place: here } = context;
  const urn = param["func_urn"];
  const target = typeof urn === "string" ? parseFunctionUrn(urn, { region: here.region, ...own }) : undefined;
  const example = `{"func_urn":"urn:fss:${here.region}:${own.projectId}:function:default:<name>:latest"}`;
  const fault = faultOf(text, place);
  if (target === undefined) {
    return fault(
      "must be the JSON text of an object with the function's URN as func_urn",
      `Write ${example}.`,
    );
  }
  if (target.projectId !== own.projectId || target.region !== here.region)
    return fault("names a function of another project or region", `Name one of this project: ${example}.`);
  const key = { projectId: target.projectId, package: target.package, name: target.name };
  const qualifier = target.alias === undefined ? (target.version ?? LATEST) : `!${target.alias}`;
  if (findRuntime(store.functions.find(key)?.spec.runtime ?? "")?.family === "http")
    return fault(
      "names an HTTP function, which cannot be called asynchronously (guide 3.2.2.2)",
      "Name an event function.",
    );
  const there =
    target.alias === undefined
      ? store.versions.find(key, qualifier) !== undefined
      : store.aliases.find(key, target.alias) !== undefined;
  return there
    ? { kind: "function", key, qualifier, param: text }
    : fault(
        "names a function, version or alias that does not exist",
        "Create it first, or name one that is there.",
      );
}

function readBucket(param: Param, text: string, place: Place): AsyncDestination | Fault[] {
  const fault = faultOf(text, place);
  const { bucket, prefix: given = "", expires: days = 0 } = param;
  const example = '{"bucket":"results","prefix":"failed/","expires":0}';
  if (typeof bucket !== "string" || !BUCKET.test.test(bucket))
    return fault(
      `must be the JSON text of an object with a bucket, whose name ${BUCKET.rule}`,
      `Write ${example}.`,
    );
  if (
    typeof given !== "string" ||
    !PREFIX.test(given) ||
    given.split("/").some((part) => part === ".." || part.length > PART)
  )
    return fault(
      "has a prefix that is no start of an object's name: letters, digits, spaces and !_.*'()/- without .., 200 between two slashes at most",
      `Write ${example}.`,
    );
  if (typeof days !== "number" || !Number.isInteger(days) || days < 0 || days > DAYS)
    return fault(`has expires that is no whole number of days from 0 to ${DAYS}`, `Write ${example}.`);
  const refusal = place.context.live.objects.refusal(place.own.projectId, bucket, days);
  if (refusal !== undefined) return fault(refusal.rule, refusal.fix);
  const bare = given.replace(/^\/+/, "");
  const prefix = bare === "" || bare.endsWith("/") ? bare : `${bare}/`;
  return { kind: "bucket", bucket, prefix, days, param: text };
}

function readTopic(param: Param, text: string, place: Place): AsyncDestination | Fault[] {
  const { own, context } = place;
  const { region } = context.place;
  const fault = faultOf(text, place);
  const urn = param["topic_urn"];
  const [, ofRegion, ofProject, topic = ""] = TOPIC.exec(typeof urn === "string" ? urn : "") ?? [];
  const example = `{"topic_urn":"urn:smn:${region}:${own.projectId}:<topic>"}`;
  if (topic === "")
    return fault("must be the JSON text of an object with the topic's URN as topic_urn", `Write ${example}.`);
  if (ofRegion !== region || ofProject !== own.projectId)
    return fault("names a topic of another project or region", `Name one of this project: ${example}.`);
  return context.store.topics.exists(own.projectId, topic)
    ? { kind: "topic", topic, param: text }
    : fault(
        "names a topic that does not exist",
        `Create it first: POST /fungraph/v1/projects/${own.projectId}/topics {"name":${JSON.stringify(topic)}}.`,
      );
}

function objectIn(text: string): Param {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : {};
  } catch {
    return {};
  }
}

function faultOf(value: string, { property }: Place): (rule: string, fix: string) => Fault[] {
  return (rule, fix) => [{ property: `${property}.param`, value, rule, fix, code: "FSS.0400" }];
}

function unknownKind(property: string, value: string): Fault[] {
  const rule =
    value === "DIS" ? "is a service that this platform does not have" : "is no kind of destination";
  const fix = `Use ${Object.values(KINDS).join(", ")}; a function passes results on to whatever else there is.`;
  return [{ property, value, rule, fix, code: "FSS.0400" }];
}
