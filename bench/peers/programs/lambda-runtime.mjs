// What a custom runtime of Lambda does: asks for the next event, answers it, and asks again.
import { Agent, request } from "node:http";

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const ROOT = "/2018-06-01/runtime/invocation";

for (;;) {
  const { headers, body } = await ask("GET", `${ROOT}/next`);
  await ask("POST", `${ROOT}/${headers["lambda-runtime-aws-request-id"]}/response`, body);
}

function ask(method, path, sent) {
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path, agent }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    call.on("error", reject);
    call.end(sent);
  });
}
