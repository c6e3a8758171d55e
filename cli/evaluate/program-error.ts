import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ResourceError, RunError } from "@pulumi/pulumi";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The text of an error that a program threw, for the person who wrote the program: the message, and of the stack only
 * the program's own lines, with paths relative to its folder.
 */
export function programErrorText(error: unknown, folder: string): string {
  if (!(error instanceof Error))
    return `The program threw ${typeof error === "string" ? JSON.stringify(error) : String(error)}, which is no Error.`;
  if (hidesStack(error)) return [error.message, ...hint(error.message)].join("\n");
  const message = relativePaths(messageOf(error), folder);
  const frames = ownFrames(error.stack ?? "", folder).map((frame) => `    at ${frame}`);
  return [message, ...frames, ...hint(error.message)].join("\n");
}

function hint(message: string): string[] {
  // `npm init` writes "commonjs" there.
  if (message === "Cannot use import statement outside a module")
    return ['Write "type": "module" into the package.json of the program\'s folder.'];
  const key = /pulumi config set (\S+) <value>/.exec(message)?.[1];
  return key === undefined ? [] : [`or for this run alone: --config ${key}=VALUE`];
}

/** Pulumi's own errors say themselves whether their stack is of use; they come from the copy that the program uses. */
function hidesStack(error: unknown): boolean {
  return RunError.isInstance(error) || (ResourceError.isInstance(error) && error.hideStack === true);
}

function messageOf(error: Error): string {
  const syntax =
    error instanceof SyntaxError || (error as { code?: string }).code === "ERR_INVALID_TYPESCRIPT_SYNTAX";
  const text = error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
  if (!syntax || error.stack === undefined) return text;
  // Node puts the place and the line of code before the message of a syntax error.
  const place = error.stack
    .slice(0, error.stack.indexOf(error.message))
    .replace(/\w*Error( \[\w+\])?:\s*$/, "")
    .trimEnd();
  return place === "" ? text : `${place}\n${text}`;
}

function ownFrames(stack: string, folder: string): string[] {
  return stack
    .split("\n")
    .map((line) => /^\s+at (.*)$/.exec(line)?.[1] ?? "")
    .filter((frame) => isOwn(frame))
    .map((frame) => relativePaths(frame, folder).replace(/^async /, ""));
}

function isOwn(frame: string): boolean {
  const place = /(?:^|\(|async )(?:file:\/\/)?(\/[^()]*):\d+:\d+\)?$/.exec(frame)?.[1];
  if (place === undefined || place.includes("/node_modules/")) return false;
  const inside = relative(root, place);
  return inside.startsWith("..") || /^(examples|test)\//.test(inside);
}

function relativePaths(text: string, folder: string): string {
  return text.replaceAll(`file://${folder}/`, "").replaceAll(`${folder}/`, "");
}
