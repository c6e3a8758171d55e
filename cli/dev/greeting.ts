import { join } from "node:path";
import type { ResourceState } from "../apply/state-file.ts";
import { hideSecrets } from "../../provider/values.ts";
import type { Evaluated } from "../evaluate/evaluation.ts";
import { displayPath } from "../terminal/path.ts";
import { print } from "../terminal/screen.ts";
import { paint } from "../terminal/style.ts";
import type { TryStep } from "../try/expectations.ts";

/** Prints the addresses that answer now, the program's outputs, and a line to try. */
export function printAddresses(
  folder: string,
  resources: readonly ResourceState[],
  evaluated: Evaluated,
  steps: readonly TryStep[],
): void {
  const routes = resources.flatMap(routeOf);
  for (const route of routes)
    print(`${paint("bold", route.method.padEnd(6))} ${paint("cyan", route.url)}${route.note}`);
  const outputs = Object.entries(hideSecrets(evaluated.outputs, evaluated.secretOutputs));
  const width = Math.max(0, ...outputs.map(([name]) => name.length));
  for (const [name, value] of outputs)
    print(
      `${paint("dim", name.padEnd(width))}  ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
  const line = curlLine(folder, routes, steps);
  if (line !== undefined) print(`\nTry it:\n  ${line}`);
}

interface Route {
  readonly trigger: string;
  readonly method: string;
  readonly url: string;
  readonly open: boolean;
  readonly note: string;
}

function routeOf(resource: ResourceState): Route[] {
  if (resource.type !== "fungraph:index:HttpTrigger") return [];
  const { url, method, auth, name } = resource.state;
  const open = auth === "NONE";
  return [
    {
      trigger: String(name),
      method: String(method),
      url: String(url),
      open,
      note: open ? "" : paint("dim", `  (${String(auth)} callers only)`),
    },
  ];
}

/** A command that sends what the first expectation sends, or a plain request to the first open address. */
function curlLine(folder: string, routes: readonly Route[], steps: readonly TryStep[]): string | undefined {
  const open = routes.filter((route) => route.open);
  const step = steps.find(
    ({ http }) => http !== undefined && open.some((route) => route.trigger === http.trigger),
  );
  const route = open.find((each) => each.trigger === step?.http?.trigger) ?? open[0];
  if (route === undefined) return undefined;
  const http = step?.http;
  const inFolder = (path: string): string => displayPath(join(folder, path));
  const method = http?.method ?? (route.method === "ANY" ? "GET" : route.method);
  return [
    "curl -sS",
    ...(method === "GET" ? [] : [`-X ${method}`]),
    ...Object.entries(http?.headers ?? {}).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(http?.bodyFile === undefined ? [] : [`--data-binary ${quote(`@${inFolder(http.bodyFile)}`)}`]),
    ...(http?.body === undefined ? [] : [`--data-binary ${quote(http.body)}`]),
    ...(step?.save === undefined ? [] : [`-o ${quote(inFolder(step.save))}`]),
    quote(route.url + (http?.path ?? "")),
  ].join(" ");
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
