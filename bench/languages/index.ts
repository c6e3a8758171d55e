import { csharp } from "./csharp.ts";
import { custom } from "./custom.ts";
import { go } from "./go.ts";
import { http } from "./http.ts";
import { java } from "./java.ts";
import type { BenchLanguage } from "./language.ts";
import { nodejs } from "./nodejs.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";

/** Every language that is measured; those that a machine lacks have empty rows. */
export const BENCH_LANGUAGES: readonly BenchLanguage[] = [
  nodejs,
  python,
  php,
  csharp,
  go,
  java,
  http,
  custom,
];

/** The language of a family. */
export function benchLanguage(family: string): BenchLanguage {
  const found = BENCH_LANGUAGES.find((one) => one.family === family);
  if (found === undefined) throw new Error(`no bench source for ${family}`);
  return found;
}
