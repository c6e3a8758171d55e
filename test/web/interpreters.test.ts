import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../gateway/caller.ts";
import type { Stack } from "../gateway/stack.ts";
import { canIsolate, runtimesHere, startSite } from "./site.ts";

/** Servers as people write them, in languages of guide table 3-8, with the guide's paths. */
const SITES: Readonly<Record<string, { runtime: string; start: string; file: string; code: string }>> = {
  "Node.js": {
    runtime: "Node.js14.18",
    start: "/opt/function/runtime/nodejs14.18/rtsp/nodejs/bin/node $RUNTIME_CODE_ROOT/server.js",
    file: "server.js",
    code: `require("http").createServer((request, response) => {
      request.on("data", () => {}).on("end", () => response.end(request.method + " by Node.js"));
    }).listen(8000, "127.0.0.1");`,
  },
  // Answers in HTTP/1.0 and closes, so the end of the connection is the end of the body; reads no chunks.
  Python: {
    runtime: "Python3.9",
    start: "/opt/function/runtime/python3.9/rtsp/python/bin/python3 $RUNTIME_CODE_ROOT/server.py",
    file: "server.py",
    code: `from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"POST by Python " + str(len(body)).encode())
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"GET by Python")
HTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
`,
  },
  Java: {
    runtime: "Java11",
    start:
      "/opt/function/runtime/java11/rtsp/jre/bin/java -Dfile.encoding=utf-8 $RUNTIME_CODE_ROOT/Server.java",
    file: "Server.java",
    code: `import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
public class Server {
  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8000), 0);
    server.createContext("/", exchange -> {
      int length = exchange.getRequestBody().readAllBytes().length;
      byte[] body = (exchange.getRequestMethod() + " by Java").getBytes();
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
`,
  },
};

describe.skipIf(!canIsolate)("a server under the guide's path of its interpreter", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startSite();
  });

  afterAll(() => stack[Symbol.asyncDispose]());

  test.each(Object.entries(SITES).filter(([, { runtime }]) => runtimesHere.includes(runtime)))(
    "in %s answers",
    { timeout: 60_000 },
    async (name, { start, file, code }) => {
      const path = `/${name.toLowerCase()}`;
      const { key } = await stack.deploy(
        { bootstrap: `${start}\n`, [file]: code },
        {
          name: name.replace(".", ""),
          runtime: "http",
          handler: "bootstrap",
          memoryMb: 1024,
          timeoutSeconds: 30,
        },
      );
      stack.route(key, { path, match_mode: "SWA", func_info: { timeout: 60_000 } });
      expect((await ask(stack.origin + path)).body).toBe(`GET by ${name}`);
      for (const size of [5, 200_000]) {
        const headers = { "Content-Length": size };
        const answer = await ask(stack.origin + path, { method: "POST", headers, body: Buffer.alloc(size) });
        expect(answer.body).toMatch(`POST by ${name}`);
      }
    },
  );
});
