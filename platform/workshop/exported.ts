import { parse } from "yaml";
import { z } from "zod";
import type { Fault } from "../../model/fault.ts";
import { openArchive } from "../../packaging/archive.ts";
import { type CodeFile, readContent } from "../../packaging/code-file.ts";
import { toShared } from "./shared-bytes.ts";

/** What an exported archive holds. */
export interface Exported {
  /** The configuration as JSON. */
  readonly config: string;
  /** The code, in memory that threads share. */
  readonly code: Uint8Array<SharedArrayBuffer>;
}

/** A configuration is a page of text, not more. */
const CONFIG_BYTES = 256 * 1024;
const configSchema = z.record(z.string(), z.unknown());

/** Takes an exported archive apart, or says what is wrong with it. @param codeBytes the most that the code may have; of more one byte more is read */
export async function readExported(
  name: string,
  archive: Buffer,
  codeBytes: number,
): Promise<Exported | readonly Fault[]> {
  const { tree, faults } = await openArchive(name, archive);
  if (faults.length > 0) return faults;
  const files = [...tree.values()];
  const configs = files.filter(isConfig);
  const codes = files.filter((file) => !configs.includes(file));
  const [config] = configs;
  const [code] = codes;
  if (config === undefined || configs.length > 1)
    return notOne("YAML file at its root", configs.length, ["FSS.1025", "FSS.1022"]);
  if (code === undefined || codes.length > 1)
    return notOne("file beside it", codes.length, ["FSS.1012", "FSS.1012"]);
  try {
    const read = readConfig(config.name, await readContent(config, CONFIG_BYTES));
    if (typeof read !== "string") return [read];
    // One byte more than is allowed, so that the check of the code sees what is too much.
    return { config: read, code: toShared(await readContent(code, codeBytes + 1)) };
  } catch (error) {
    return [fault(`is damaged: ${(error as Error).message}`, "FSS.1011")];
  }
}

function isConfig({ name }: CodeFile): boolean {
  return /^[^/]+\.ya?ml$/.test(name);
}

function notOne(what: string, found: number, [none, many]: readonly [string, string]): Fault[] {
  const rule = `must have one ${what}, and has ${found}`;
  return [fault(rule, found === 0 ? none : many, "Export with config=true and code=true.")];
}

function readConfig(name: string, content: Buffer): string | Fault {
  let value: unknown;
  try {
    value = parse(content.toString());
  } catch (error) {
    return fault(`has no YAML in ${name}: ${(error as Error).message}`, "FSS.1025");
  }
  if (configSchema.safeParse(value).success) return JSON.stringify(value);
  return fault(`has no configuration of a function in ${name}`, "FSS.1025");
}

function fault(rule: string, code: string, fix = "Export it again."): Fault {
  return { property: "file_code", rule, fix, code };
}
