import { csharp } from "./csharp.ts";
import { go } from "./go.ts";
import { java } from "./java.ts";
import type { Language, Program } from "./language.ts";
import { nodejs } from "./nodejs.ts";
import { custom, http } from "./own-program.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";

/** Every language that the contract is run in; also the columns of its table, in this order. */
export const LANGUAGES: readonly Language[] = [nodejs, python, php, go, java, csharp, custom, http];

/** One row for each start that works on this machine; says once which do not. */
export async function subjectsHere(): Promise<
  readonly { readonly title: string; readonly language: Language; readonly subject: Program }[]
> {
  const all = await Promise.all(
    LANGUAGES.map(async (language) => ({ language, ...(await language.subjects()) })),
  );
  for (const { missing } of all) for (const reason of missing) console.warn(`skipped: ${reason}`);
  return all.flatMap(({ language, found }) =>
    found.map((subject) => ({ title: subject.title, language, subject })),
  );
}
