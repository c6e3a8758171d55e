"use strict";

/** How each source says what it brings. */
const READERS = [
  { source: "http", fits: (event) => "httpMethod" in event, read: readRequest },
  { source: "topic", fits: (event) => Array.isArray(event.record), read: readMessages },
  { source: "bucket", fits: (event) => Array.isArray(event.Records), read: readObjects },
  { source: "timer", fits: (event) => event.trigger_type === "Timer", read: readTimer },
];

exports.handler = async (event, context) => {
  const reader = READERS.find(({ fits }) => fits(event));
  if (reader === undefined) throw new Error("Nobody knows where this order comes from.");
  context.getLogger().info(`an order from ${reader.source}`);
  return reader.read(event);
};

function readRequest({ body, isBase64Encoded }) {
  const text = isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
  const order = parse(text);
  if (order === undefined)
    return answer(400, { refused: 'an order is JSON like {"item": "tea", "count": 2}' });
  return answer(201, { taken: [order] });
}

function readMessages({ record }) {
  return { source: "topic", taken: record.flatMap(({ smn }) => parse(smn.message) ?? []) };
}

function readObjects({ Records }) {
  const files = Records.map(({ s3 }) => `${s3.bucket.name}/${decodeURIComponent(s3.object.key)}`);
  return { source: "bucket", files };
}

function readTimer({ trigger_name: name, user_event: text }) {
  return { source: "timer", name, text };
}

function parse(text) {
  try {
    const { item, count } = JSON.parse(text);
    return typeof item === "string" && Number.isInteger(count) && count > 0 ? { item, count } : undefined;
  } catch {
    return undefined;
  }
}

function answer(statusCode, content) {
  const headers = { "Content-Type": "application/json" };
  return { statusCode, headers, body: JSON.stringify(content), isBase64Encoded: false };
}
