import type { EventSource, SourceData, SourceField } from "./event-source.ts";
import type { Fault } from "./fault.ts";
import { BUCKET, checkObsEvents, OBS_EVENTS } from "./obs-events.ts";
import { TOPIC } from "./topic.ts";

/*
 * Every service whose events can call a function, but timers and gateways, and what a trigger says of it (guide 3.5; API
 * notes on triggers). Where the documents are silent on a setting, its name follows the nearest source that has it.
 */

type More = Partial<Omit<SourceField, "name" | "wire" | "type" | "about">>;

function field(type: SourceField["type"]) {
  return (name: string, wire: string, about: string, more: More = {}): SourceField => ({
    name,
    wire,
    type,
    about,
    ...more,
  });
}
const text = field("text");
const texts = field("texts");
const number = field("number");
const flag = field("flag");

const NEEDED = { required: true } as const;
const SECRET = { secret: true } as const;
const INSTANCE = text("instanceId", "instance_id", "Id of the instance.", NEEDED);
const NAME = text("name", "name", "Name of the trigger.");

function batch(max: number): SourceField {
  const more = { ...NEEDED, default: 100, range: { min: 1, max, unit: "messages" } };
  return number("batchSize", "batch_size", `Messages that one call is given at most, 1-${max}.`, more);
}

function codes(wrong: number, missing: number, taken: number): EventSource["codes"] {
  return { wrong: `FSS.${wrong}`, missing: `FSS.${missing}`, taken: `FSS.${taken}` };
}
/** Sources that the service has no codes of their own for. */
const PLAIN_CODES = { wrong: "FSS.0400", missing: "FSS.1131", taken: "FSS.0409" };

/** User and password go together: with one alone nobody is let in. */
function credentials(user: string, password: string, code: string): (data: SourceData) => Fault[] {
  return (data) => {
    if (Boolean(data[user]) === Boolean(data[password])) return [];
    const property = data[user] ? password : user;
    const rule = `user and password go together, and only the ${data[user] ? "user" : "password"} is given`;
    return [{ property, rule, fix: "Give both, or neither.", code }];
  };
}

const KAFKA_ADDRESS = {
  test: /^[\w.-]+:\d{1,5}(,[\w.-]+:\d{1,5})*$/,
  rule: "must be host:port, several of them with commas between",
  example: "kafka-1:9092,kafka-2:9092",
};
const KAFKA_FIELDS = [
  texts("topics", "topic_ids", "Topics that are read.", NEEDED),
  batch(1000),
  text("user", "kafka_user", "User that the instance asks for."),
  text("password", "kafka_password", "Password that belongs to the user.", SECRET),
  flag("ssl", "kafka_ssl_enable", "Whether connections are encrypted."),
];
const KAFKA: EventSource = {
  component: "KafkaTrigger",
  noun: "a Kafka",
  fields: [
    INSTANCE,
    ...KAFKA_FIELDS,
    text("address", "kafka_connect_address", "Addresses of the brokers.", { pattern: KAFKA_ADDRESS }),
  ],
  identity: ["instance_id", "topic_ids"],
  together: credentials("kafka_user", "kafka_password", "FSS.1113"),
  codes: codes(1112, 1174, 1150),
  canBeDisabled: true,
};

const OBS_CODES = codes(1106, 1136, 1145);

const MONGO_FIELDS = [
  INSTANCE,
  text("database", "db_name", "Name of the database.", NEEDED),
  text("collection", "collection_name", "Name of the collection.", NEEDED),
  text("user", "db_user", "User of the database."),
  text("password", "db_password", "Password of the user.", { ...NEEDED, ...SECRET }),
  batch(10_000),
];
const MONGO: Omit<EventSource, "component" | "noun"> = {
  fields: MONGO_FIELDS,
  identity: ["instance_id", "db_name", "collection_name"],
  codes: codes(1164, 1163, 1166),
  canBeDisabled: true,
};

const TUNABLE = { ...NEEDED, tunable: true } as const;
const OPERATION = {
  test: /^[\w-]+:[\w-]+(;[\w-]+)*:[\w-]+(;[\w-]+)*$/,
  rule: "must be a service, its resources and its operations, SERVICE:resourceA;resourceB:operationA",
  example: "ECS:server:createServer;deleteServer",
};
const QUEUE_CREDENTIALS = [
  text("user", "access_user", "User that the instance asks for."),
  text("password", "access_password", "Password that belongs to the user.", SECRET),
  flag("ssl", "ssl_enable", "Whether connections are encrypted."),
];
const EVENTGRID_TYPES = [
  "OBS:DWR:ObjectCreated:PUT",
  "OBS:DWR:ObjectCreated:POST",
  "OBS:DWR:ObjectCreated:COPY",
  "OBS:DWR:ObjectCreated:CompleteMultipartUpload",
  "OBS:DWR:ObjectRemoved:Delete",
  "OBS:DWR:ObjectRemoved:DeleteMarkerCreated",
];

/** Every event source by the code of its triggers. */
export const EVENT_SOURCES = {
  KAFKA,
  OPENSOURCEKAFKA: {
    ...KAFKA,
    component: "OpenSourceKafkaTrigger",
    fields: [
      text("address", "kafka_connect_address", "Addresses of the brokers.", {
        ...NEEDED,
        pattern: KAFKA_ADDRESS,
      }),
      text("instanceId", "instance_id", "Id of the cluster in its events."),
      ...KAFKA_FIELDS,
    ],
    identity: ["kafka_connect_address", "topic_ids"],
  },
  OBS: {
    component: "ObsTrigger",
    noun: "an OBS",
    fields: [
      NAME,
      text("bucket", "bucket", "Bucket whose objects are watched.", { ...NEEDED, pattern: BUCKET }),
      texts("events", "events", "What has to happen to an object.", { ...NEEDED, choices: OBS_EVENTS }),
      text("prefix", "prefix", "Begin of the objects' names."),
      text("suffix", "suffix", "End of the objects' names."),
    ],
    identity: ["bucket", "events", "prefix", "suffix"],
    together: (data) => checkObsEvents(data["events"] as string[], OBS_CODES.wrong),
    codes: OBS_CODES,
    canBeDisabled: false,
  },
  SMN: {
    component: "SmnTrigger",
    noun: "an SMN",
    isHere: true,
    fields: [text("topicUrn", "topic_urn", "URN of the topic.", { ...NEEDED, pattern: TOPIC })],
    identity: ["topic_urn"],
    codes: codes(1102, 1132, 1141),
    canBeDisabled: true,
  },
  DIS: {
    component: "DisTrigger",
    noun: "a DIS",
    fields: [
      text("stream", "stream_name", "Name of the stream.", NEEDED),
      text("startAt", "sharditerator_type", "Where reading starts.", {
        ...NEEDED,
        default: "LATEST",
        choices: ["TRIM_HORIZON", "LATEST"],
      }),
      number("pollingInterval", "polling_interval", "Time between two readings, in pollingUnit.", {
        ...TUNABLE,
        default: 30,
        range: { min: 1, max: 60_000 },
      }),
      text("pollingUnit", "polling_unit", "Unit of pollingInterval: s or ms.", {
        ...TUNABLE,
        default: "s",
        choices: ["s", "ms"],
      }),
      number("maxFetchBytes", "max_fetch_bytes", "Bytes that one reading takes at most.", {
        tunable: true,
        range: { min: 1024, max: 4_194_304, unit: "bytes" },
      }),
      field("flag-text")("serial", "is_serial", "Whether a call waits for the end of the one before.", {
        ...TUNABLE,
        default: true,
      }),
      batch(10_000),
    ],
    identity: ["stream_name"],
    codes: codes(1104, 1134, 1143),
    canBeDisabled: true,
  },
  LTS: {
    component: "LtsTrigger",
    noun: "an LTS",
    fields: [
      text("logGroupId", "log_group_id", "Id of the log group.", NEEDED),
      text("logTopicId", "log_topic_id", "Id of the log stream.", NEEDED),
      text("logGroupName", "log_group_name", "Name of the log group, for readers."),
      text("logTopicName", "log_topic_name", "Name of the log stream, for readers."),
    ],
    identity: ["log_group_id", "log_topic_id"],
    codes: codes(1110, 1160, 1149),
    canBeDisabled: true,
  },
  CTS: {
    component: "CtsTrigger",
    noun: "a CTS",
    fields: [
      { ...NAME, required: true },
      texts("operations", "operations", "Audited operations, SERVICE:resources:operations.", {
        ...NEEDED,
        pattern: OPERATION,
      }),
    ],
    identity: ["name"],
    codes: { ...PLAIN_CODES, wrong: "FSS.1305" },
    canBeDisabled: true,
  },
  DDS: { component: "DdsTrigger", noun: "a DDS", ...MONGO },
  GAUSSMONGO: { component: "GaussMongoTrigger", noun: "a GaussMongo", ...MONGO },
  DMS: {
    component: "DmsTrigger",
    noun: "a DMS",
    fields: [
      text("queueId", "queue_id", "Id of the queue.", NEEDED),
      text("consumerGroupId", "consumer_group_id", "Id of the consumer group.", NEEDED),
      number("pollingInterval", "polling_interval", "Seconds between two readings.", {
        ...NEEDED,
        default: 30,
        range: { min: 1, max: 60_000, unit: "seconds" },
      }),
    ],
    identity: ["queue_id", "consumer_group_id"],
    codes: codes(1103, 1133, 1142),
    canBeDisabled: true,
  },
  RABBITMQ: {
    component: "RabbitMqTrigger",
    noun: "a RabbitMQ",
    fields: [
      INSTANCE,
      text("exchange", "exchange_name", "Name of the exchange.", NEEDED),
      text("vhost", "vhost", "Virtual host of the exchange."),
      text("user", "access_user", "User that the instance asks for."),
      text("password", "access_password", "Password of the user.", { ...NEEDED, ...SECRET }),
      text("address", "connect_address", "Address of the instance."),
      flag("ssl", "ssl_enable", "Whether connections are encrypted."),
      batch(1000),
    ],
    identity: ["instance_id", "vhost", "exchange_name"],
    codes: PLAIN_CODES,
    canBeDisabled: true,
  },
  ROCKETMQ: {
    component: "RocketMqTrigger",
    noun: "a RocketMQ",
    fields: [
      INSTANCE,
      texts("topics", "topic_ids", "Topics that are read.", NEEDED),
      text("consumerGroup", "consumer_group_id", "Consumer group that reads."),
      ...QUEUE_CREDENTIALS,
      text("address", "connect_address", "Address of the instance."),
      batch(1000),
    ],
    identity: ["instance_id", "topic_ids"],
    together: credentials("access_user", "access_password", PLAIN_CODES.wrong),
    codes: PLAIN_CODES,
    canBeDisabled: true,
  },
  EVENTGRID: {
    component: "EventGridTrigger",
    noun: "an EventGrid",
    fields: [
      text("name", "trigger_name", "Name of the trigger.", NEEDED),
      text("channelId", "channel_id", "Id of the channel.", NEEDED),
      text("channelName", "channel_name", "Name of the channel, for readers."),
      text("sourceName", "source_name", "Name of the event source.", { ...NEEDED, default: "HC.OBS.DWR" }),
      text("bucket", "bucket", "Bucket whose objects are watched.", { ...NEEDED, pattern: BUCKET }),
      texts("eventTypes", "event_types", "What has to happen to an object.", {
        ...NEEDED,
        choices: EVENTGRID_TYPES,
      }),
      text("agency", "agency", "Agency that EventGrid calls the function with."),
      flag("keyEncode", "Key_encode", "Whether names of objects are URL-encoded in events."),
    ],
    identity: ["channel_id", "trigger_name"],
    codes: PLAIN_CODES,
    canBeDisabled: true,
  },
  IOTDA: {
    component: "IotDaTrigger",
    noun: "an IoTDA",
    fields: [
      INSTANCE,
      { ...NAME, required: true },
      text("resource", "resource", "What of a device is watched, for example device.property.", NEEDED),
      text("event", "event", "What has to happen, for example report.", NEEDED),
      text("resourceSpace", "app_id", "Resource space of the devices; all of them where it is left out."),
    ],
    identity: ["instance_id", "name"],
    codes: PLAIN_CODES,
    canBeDisabled: true,
  },
} as const satisfies Readonly<Record<string, EventSource>>;

/** Code of a source's triggers. */
export type SourceType = keyof typeof EVENT_SOURCES;

/** The source of a type of triggers; undefined for timers, gateways and what is no trigger. */
export function findEventSource(type: string): EventSource | undefined {
  return Object.hasOwn(EVENT_SOURCES, type) ? EVENT_SOURCES[type as SourceType] : undefined;
}

/** Names in `event_data` whose values are never shown. */
export function secretFieldsOf(type: string): string[] {
  const secrets = findEventSource(type)?.fields.filter((one) => one.secret === true) ?? [];
  return secrets.map(({ wire }) => wire);
}
