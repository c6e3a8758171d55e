/** The form of a topic's URN. */
export const TOPIC = {
  test: /^urn:smn:[^:]+:[^:]+:[^:]+$/,
  rule: "must be the URN of a topic, urn:smn:REGION:PROJECT:NAME",
  example: "urn:smn:region:project:orders",
};
