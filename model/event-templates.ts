/*
 * What the events of every source look like, to try functions with (guide 3.4, table 3-23; API notes on events). Values are
 * made up: 192.0.2.1 and example.com are nobody's. DMS and RabbitMQ have no documented sample; theirs follow what the
 * runtimes' classes read and the other queues.
 */

const REGION = "region-1";
const PROJECT = "0123456789abcdef0123456789abcdef";
const AT = "2024-01-02T00:30:00.000Z";
const AT_MS = Date.parse(AT);
const FUNCTION_URN = `urn:fss:${REGION}:${PROJECT}:function:default:demo:latest`;

/** Events of a queue whose messages come in batches. */
function messages(type: string, record: object): object {
  return {
    event_version: "v1.0",
    event_time: AT_MS / 1000,
    trigger_type: type,
    region: REGION,
    instance_id: "instance-1",
    records: [{ messages: ["first message", "second message"], ...record }],
  };
}

const TOPIC = { topic_id: "orders" };
const GATEWAY = {
  body: Buffer.from('{"order":1}').toString("base64"),
  requestContext: { apiId: "api-1", requestId: "request-1", stage: "RELEASE" },
  queryStringParameters: { page: "2" },
  httpMethod: "POST",
  pathParameters: {},
  headers: {
    accept: "*/*",
    "content-type": "application/json",
    host: "shop.example.com",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
    "x-real-ip": "192.0.2.1",
    "x-request-id": "request-1",
  },
  path: "/orders",
  isBase64Encoded: true,
};
const DOCUMENT = {
  size_bytes: "38",
  token: '{"_data":"00"}',
  full_document: '{"_id":{"$oid":"65935b000000000000000001"},"order":1}',
  ns: '{"db":"shop","coll":"orders"}',
};
const LOGS = {
  logs: JSON.stringify([{ message: "[ERROR] out of stock", time: AT_MS, host_name: "host-1", line_no: 1 }]),
  owner: "owner-1",
  log_group_id: "group-1",
  log_topic_id: "stream-1",
};

const OBJECT = { key: "in/photo.png", size: 12, eTag: "d41d8cd98f00b204e9800998ecf8427e", sequencer: "1" };

/** One sample event for each type of trigger. */
export const EVENT_TEMPLATES = {
  TIMER: {
    version: "v1.0",
    time: "2024-01-02T08:30:00+08:00",
    trigger_type: "TIMER",
    trigger_name: "every-morning",
    user_event: "what the trigger says",
  },
  APIG: GATEWAY,
  DEDICATEDGATEWAY: GATEWAY,
  APIC: GATEWAY,
  KAFKA: messages("KAFKA", TOPIC),
  OPENSOURCEKAFKA: messages("KAFKA", TOPIC),
  ROCKETMQ: messages("ROCKETMQ", TOPIC),
  RABBITMQ: messages("RABBITMQ", { exchange: "orders" }),
  DMS: {
    queue_id: "queue-1",
    region: REGION,
    event_type: "MessageCreated",
    consumer_group_id: "group-1",
    messages: [{ body: "first message", attributes: { kind: "order" } }],
  },
  OBS: {
    Records: [
      {
        eventVersion: "2.0",
        eventTime: AT,
        eventName: "ObjectCreated:Put",
        awsRegion: REGION,
        requestParameters: { sourceIPAddress: "192.0.2.1" },
        userIdentity: { principalId: "user-1" },
        s3: {
          configurationId: "uploads",
          object: OBJECT,
          bucket: {
            arn: "arn:fss:s3:::photos",
            name: "photos",
            ownerIdentity: { PrincipalId: "owner-1" },
          },
        },
      },
    ],
  },
  SMN: {
    record: [
      {
        event_version: "1.0",
        smn: {
          topic_urn: `urn:smn:${REGION}:${PROJECT}:orders`,
          timestamp: AT,
          message_attributes: null,
          message: "an order came",
          type: "notification",
          message_id: "message-1",
          subject: "orders",
        },
        event_subscription_urn: FUNCTION_URN,
        event_source: "smn",
      },
    ],
    functionname: "demo",
    requestId: "request-1",
    timestamp: AT,
  },
  DIS: {
    ShardID: "shardId-0000000000",
    Message: {
      next_partition_cursor: "cursor",
      records: [
        {
          partition_key: "shardId_0000000000",
          data: Buffer.from("an order").toString("base64"),
          sequence_number: "0",
        },
      ],
      millis_behind_latest: "",
    },
    Tag: "latest",
    StreamName: "orders",
  },
  LTS: { lts: { data: Buffer.from(JSON.stringify(LOGS)).toString("base64") } },
  CTS: {
    cts: {
      time: AT_MS,
      user: { name: "somebody", id: "user-1", domain: { name: "account", id: "domain-1" } },
      request: {},
      response: {},
      code: 204,
      service_type: "FunctionGraph",
      resource_type: "Functions",
      resource_name: "demo",
      resource_id: "demo",
      source_ip: "192.0.2.1",
      trace_name: "createFunction",
      trace_type: "ConsoleAction",
      trace_rating: "normal",
      trace_status: "normal",
      api_version: "",
      record_time: AT_MS,
      trace_id: "trace-1",
      project_id: PROJECT,
      domain_id: "domain-1",
      operation_id: "CreateFunction",
      read_only: false,
    },
  },
  DDS: {
    records: [
      {
        event_source: "dds",
        event_name: "insert",
        region: REGION,
        event_version: "1.0",
        dds: DOCUMENT,
        event_source_id: "instance-1",
      },
    ],
  },
  GAUSSMONGO: {
    records: [
      {
        event_source: "gauss_mongo",
        event_name: '"insert"',
        region: REGION,
        event_version: "1.0",
        gauss_mongo: DOCUMENT,
        event_source_id: "instance-1",
      },
    ],
    vernier: '{"_data":"00"}',
  },
  EVENTGRID: {
    specversion: "1.0",
    id: "event-1",
    source: "HC.OBS.DWR",
    type: "OBS:DWR:ObjectCreated:PUT",
    subject: "in/photo.png",
    time: AT,
    ttl: "4000",
    dataschema: "",
    datacontenttype: "application/json",
    data: {
      eventVersion: "3.0",
      eventSource: "OBS",
      eventName: "ObjectCreated:Put",
      eventRegion: REGION,
      eventTime: AT,
      requestParameters: { sourceIPAddress: "192.0.2.1" },
      responseElements: { "x-obs-request-id": "request-1", "x-obs-id-2": "" },
      userIdentity: { ID: "user-1" },
      obs: {
        Version: "1.0",
        configurationId: "uploads",
        bucket: { name: "photos", bucket: "photos", arn: "", ownerIdentity: { ID: "owner-1" } },
        object: { ...OBJECT, key: "in%2Fphoto.png", versionId: "null" },
      },
    },
  },
  IOTDA: {
    resource: "device.property",
    event: "report",
    event_time: "20240102T003000Z",
    event_time_ms: AT,
    request_id: "request-1",
    notify_data: {
      header: {
        app_id: "app-1",
        device_id: "product-1_node-1",
        node_id: "node-1",
        product_id: "product-1",
        gateway_id: "product-1_node-1",
        tags: [],
      },
      body: {
        services: [
          { service_id: "thermometer", properties: { temperature: 21 }, event_time: "20240102T003000Z" },
        ],
      },
    },
  },
} as const satisfies Readonly<Record<string, object>>;

/** A type of trigger that has a sample event: all have. */
export type EventTemplateName = keyof typeof EVENT_TEMPLATES;
