import { timingSafeEqual } from "node:crypto";

const PROTOCOL = 1;

/** What is wrong with HELLO's payload, or undefined. */
export function checkHello(text: string, token: string): string | undefined {
  let hello: unknown;
  try {
    hello = JSON.parse(text);
  } catch {
    return "HELLO carries no JSON";
  }
  if (typeof hello !== "object" || hello === null) return "HELLO carries no object";
  if (!("protocol" in hello) || hello.protocol !== PROTOCOL) return `HELLO must speak protocol ${PROTOCOL}`;
  const given = Buffer.from("token" in hello && typeof hello.token === "string" ? hello.token : "");
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return "HELLO brings a wrong token";
  return undefined;
}
