import { once } from "node:events";
import { createServer } from "node:net";

/** True when the port of this machine's loopback can be listened on. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
