"use strict";
// Runs an Express application, or any other listener of Node.js requests, behind an API gateway trigger.
const http = require("http");
const os = require("os");
const path = require("path");
const events = require("./events");

/** Bodies of these types are text in a result; all others go in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)\b|[^;]*\+(json|xml)\b)/i;
/** Headers of one connection: the gateway's is another than ours. */
const CONNECTION = /^(connection|content-length|keep-alive|transfer-encoding)$/i;

/** What is known of a server: where it listens, and the promise that it does. */
const doors = new WeakMap();
let count = 0;

/** A server for an application; it begins to listen with the first event. */
exports.createServer = function (application) {
  const server = http.createServer(application);
  count++;
  const name = "fgs-express-" + process.pid + "-" + count + ".sock";
  doors.set(server, { socket: path.join(os.tmpdir(), name), open: undefined });
  return server;
};

/** Hands an event to the application. The result goes to `callback`, and the returned object's `promise` resolves to it. */
exports.proxy = function (server, event, context, callback) {
  const promise = open(server).then(function (socket) {
    return exchange(socket, event, context);
  });
  if (callback !== undefined) {
    promise.then(
      function (result) {
        callback(null, result);
      },
      function (error) {
        callback(error);
      }
    );
  }
  return { promise: promise };
};

function open(server) {
  const door = doors.get(server);
  if (door.open === undefined) {
    door.open = new Promise(function (resolve, reject) {
      server.once("error", reject);
      server.listen(door.socket, function () {
        resolve(door.socket);
      });
    });
  }
  return door.open;
}

function exchange(socket, event, context) {
  return new Promise(function (resolve, reject) {
    const content = Buffer.from(event.body || "", event.isBase64Encoded ? "base64" : "utf8");
    const headers = withoutConnection(event.headers || {});
    headers[events.HEADER] = events.put(event, context);
    if (content.length > 0) headers["content-length"] = content.length;
    const request = http.request(
      { socketPath: socket, method: event.httpMethod, path: target(event), headers: headers, agent: false },
      function (response) {
        const chunks = [];
        response.on("data", function (chunk) {
          chunks.push(chunk);
        });
        response.on("error", reject);
        response.on("end", function () {
          resolve(resultOf(response, Buffer.concat(chunks)));
        });
      }
    );
    request.on("error", reject);
    request.on("close", function () {
      events.drop(headers[events.HEADER]);
    });
    request.end(content);
  });
}

function target(event) {
  const query = event.queryStringParameters || {};
  const pairs = [];
  for (const name of Object.keys(query)) {
    for (const value of [].concat(query[name]))
      pairs.push(encodeURIComponent(name) + "=" + encodeURIComponent(value));
  }
  const escaped = event.path.replace(/[^!-~]/gu, encodeURIComponent);
  return pairs.length === 0 ? escaped : escaped + "?" + pairs.join("&");
}

function withoutConnection(headers) {
  const kept = {};
  for (const name of Object.keys(headers))
    if (!CONNECTION.test(name)) kept[name.toLowerCase()] = headers[name];
  return kept;
}

function resultOf(response, bytes) {
  const type = response.headers["content-type"] || "";
  const text = TEXT.test(type) && response.headers["content-encoding"] === undefined;
  return {
    statusCode: response.statusCode,
    headers: withoutConnection(response.headers),
    body: bytes.toString(text ? "utf8" : "base64"),
    isBase64Encoded: !text,
  };
}
