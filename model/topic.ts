/** The form of a topic's URN. */
export const TOPIC = {
  test: /^urn:smn:[^:]+:[^:]+:[^:]+$/,
  rule: "must be the URN of a topic, urn:smn:REGION:PROJECT:NAME",
  example: "urn:smn:region:project:orders",
};

/** What a topic may be called. */
export const TOPIC_NAME = {
  test: /^[A-Za-z0-9][\w-]{0,255}$/,
  rule: "must start with a letter or digit and have at most 256 letters, digits, _ and -",
};
