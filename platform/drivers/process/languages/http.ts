import type { Language } from "./language.ts";
import { nodejs } from "./nodejs.ts";

/** HTTP functions bring their own server; the bootstrap that starts it runs on the platform's Node.js. */
export const http: Language = {
  ...nodejs,
  family: "http",
  find: async () => (await nodejs.find()).map((one) => ({ ...one, family: "http", door: true })),
};
