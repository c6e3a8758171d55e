import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { connected, near } from "../machine/door.ts";
import type { Line } from "../machine/line.ts";

/** A line begins with its name. */
export const LINE_NAME_BYTES = 32;

/** A name that no other line has. */
export function lineName(): string {
  return randomBytes(LINE_NAME_BYTES / 2).toString("hex");
}

/** Makes a line to a gateway. Rejects when it is gone. @param path of its line host */
export async function openLine(path: string): Promise<Line> {
  const socket = connect(near(path));
  // What the gateway says is for the instance.
  socket.pause();
  await connected(socket);
  socket.on("error", () => {
    // Whoever has the line learns of its end.
  });
  const name = lineName();
  await new Promise<void>((resolve, reject) => {
    // The instance may say something at once; the name is before that.
    socket.write(name, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  return { name, socket };
}
