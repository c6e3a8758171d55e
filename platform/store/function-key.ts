/** What names a function. */
export interface FunctionKey {
  readonly projectId: string;
  readonly package: string;
  readonly name: string;
}

/** `project/package/name`: the text form of a function's key. */
export function keyText(key: FunctionKey): string {
  return `${key.projectId}/${key.package}/${key.name}`;
}

/** The reverse of {@link keyText}; neither a project id nor a function name contains a slash. */
export function parseKeyText(text: string): FunctionKey {
  const first = text.indexOf("/");
  const last = text.lastIndexOf("/");
  return {
    projectId: text.slice(0, first),
    package: text.slice(first + 1, last),
    name: text.slice(last + 1),
  };
}

/** False for the key, as text, of what else requests wait for: such keys have packages that begin with a colon, which no function's may. */
export function isFunction(text: string): boolean {
  return !text.includes("/:");
}
