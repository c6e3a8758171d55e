import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** Variables that the platform sets itself; users cannot (guide 3.3.6, table 3-16; runtime facts). */
const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  "RUNTIME_PROJECT_ID",
  "RUNTIME_FUNC_NAME",
  "RUNTIME_FUNC_VERSION",
  "RUNTIME_PACKAGE",
  "RUNTIME_HANDLER",
  "RUNTIME_TIMEOUT",
  "RUNTIME_USERDATA",
  "RUNTIME_CPU",
  "RUNTIME_MEMORY",
  "RUNTIME_MAX_RESP_BODY_SIZE",
  "RUNTIME_INITIALIZER_HANDLER",
  "RUNTIME_INITIALIZER_TIMEOUT",
  "RUNTIME_ROOT",
  "RUNTIME_CODE_ROOT",
  "RUNTIME_LOG_DIR",
  "RUNTIME_API_ADDR",
]);

type Variables = Readonly<Record<string, string>>;

const CODE = "FSS.1009";
const KEY = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Faults of both sets of variables together. Values of encrypted ones are never part of a fault. */
export function checkEnvironment(plain: Variables, encrypted: Variables): Fault[] {
  const faults = [
    ...checkVariables("environment", plain),
    ...checkVariables("encryptedEnvironment", encrypted),
  ];
  for (const key of Object.keys(encrypted))
    if (Object.hasOwn(plain, key))
      faults.push({
        property: `encryptedEnvironment.${key}`,
        rule: "is also set in environment, and a variable has one value",
        fix: `Remove ${key} from environment, where it would be shown in clear.`,
        code: CODE,
      });
  const characters = length(plain) + length(encrypted);
  if (characters > LIMITS.environmentCharacters)
    faults.push({
      property: "environment",
      rule: `all keys and values have ${characters} characters together, at most ${LIMITS.environmentCharacters} are allowed`,
      fix: "Put large values in a file beside the code and read them from there.",
      code: CODE,
    });
  return faults;
}

function checkVariables(property: string, variables: Variables): Fault[] {
  const faults: Fault[] = [];
  for (const [key, value] of Object.entries(variables)) {
    const at = { property: `${property}.${key}`, code: CODE };
    if (RESERVED_VARIABLES.has(key))
      faults.push({
        ...at,
        rule: "is a variable that the platform sets itself",
        fix: `Choose another name, for example "MY_${key}".`,
      });
    else if (!KEY.test(key))
      faults.push({
        ...at,
        rule: "a key starts with a letter and has letters, digits and _ only",
        fix: `Write "${suggestKey(key)}", for example.`,
      });
    if (typeof value !== "string")
      faults.push({
        ...at,
        rule: `a value is a text, not a ${typeof value}`,
        fix: 'Put it between quotes, for example "8080".',
      });
    else if (value.includes("\0"))
      faults.push({
        ...at,
        rule: "a value cannot contain the character NUL",
        fix: "Encode binary values, for example as Base64.",
      });
  }
  return faults;
}

function suggestKey(key: string): string {
  const cleaned = key.replaceAll(/[^A-Za-z0-9_]/g, "_").replace(/^[^A-Za-z]+/, "");
  return cleaned === "" ? "MY_KEY" : cleaned;
}

function length(variables: Variables): number {
  let characters = 0;
  for (const [key, value] of Object.entries(variables))
    characters += Array.from(key).length + Array.from(value).length;
  return characters;
}
