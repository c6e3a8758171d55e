// A runtime of the function's own, as small as it can be: asks the Runtime API for events and posts what the handler makes of them.
const http = require("http");

const API = `http://${process.env.RUNTIME_API_ADDR}/v1/runtime/invocation/`;
/** More than any case runs at once; the platform hands out no more than the function's concurrency. */
const LOOPS = 8;

function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(API + path, { method }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

function textOf(result) {
  if (result === undefined) return "";
  return typeof result === "string" ? result : JSON.stringify(result);
}

async function answer(handler, { headers, body }) {
  const id = headers["x-cff-request-id"];
  try {
    const result = await handler(JSON.parse(body), headers);
    await send("POST", `response/${id}`, textOf(result));
  } catch (error) {
    const { name, message } = error;
    await send("POST", `error/${id}`, JSON.stringify({ errorType: name, errorMessage: message }));
  }
}

async function loop(handler) {
  for (;;) await answer(handler, await send("GET", "request"));
}

module.exports = (handler) => {
  for (let at = 0; at < LOOPS; at++) loop(handler).catch(() => process.exit(1));
};
