import { csharp } from "./csharp.ts";
import { custom } from "./custom.ts";
import { go } from "./go.ts";
import { http } from "./http.ts";
import { java } from "./java.ts";
import type { Language } from "./language.ts";
import { nodejs } from "./nodejs.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";

/** The families whose instances can be processes of this machine. */
export const LANGUAGES: readonly Language[] = [nodejs, python, php, csharp, go, java, custom, http];
