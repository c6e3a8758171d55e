import type { Language } from "./language.ts";
import { nodejs, platformNode } from "./nodejs.ts";

/** Custom runtimes bring their own program; the bootstrap that serves it the Runtime API runs on the platform's Node.js. */
export const custom: Language = {
  ...nodejs,
  family: "custom",
  find: async () => [{ ...platformNode(), family: "custom" }],
};
