import type { Language } from "./language.ts";
import { nodejs, platformNode } from "./nodejs.ts";

/** HTTP functions bring their own server; the bootstrap that starts it runs on the platform's Node.js. */
export const http: Language = {
  ...nodejs,
  family: "http",
  find: async () => [{ ...platformNode(), family: "http", door: true }],
};
