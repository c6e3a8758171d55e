import type { Exchange } from "./exchange.ts";
import type { Route } from "./route.ts";

/** What of an event does not stand in the request itself. */
interface EventFacts {
  readonly requestId: string;
  readonly route: Route;
  /** Path as the caller wrote it, without the query. */
  readonly path: string;
  /** Text behind the `?`; empty without one. */
  readonly query: string;
}

/** The APIG event of a request (functiongraph events; guide 3.5.3): body in base64, header names in lower case. */
export function renderApigEvent(exchange: Exchange, body: Buffer, facts: EventFacts): Buffer {
  const { requestId, route, path, query } = facts;
  const id = `"${requestId}"`;
  return Buffer.from(
    `{"body":"${body.length === 0 ? "" : body.toString("base64")}","requestContext":{"apiId":${route.apiIdJson},"requestId":${id},"stage":${route.stageJson}},` +
      `"queryStringParameters":${query === "" ? "{}" : renderQuery(query)},"httpMethod":"${exchange.method}",` +
      `"pathParameters":${route.hasParameters ? JSON.stringify(route.parameters(path)) : "{}"},` +
      `"headers":{${exchange.eventHeaders()},"x-request-id":${id}},"path":${JSON.stringify(path)},"isBase64Encoded":true}`,
  );
}

/** Parameters by name; one that is given more than once becomes a list. */
function renderQuery(query: string): string {
  const parameters = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    if (before === undefined) parameters.set(name, value);
    else if (typeof before === "string") parameters.set(name, [before, value]);
    else before.push(value);
  }
  return JSON.stringify(Object.fromEntries(parameters));
}
