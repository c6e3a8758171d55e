/**
 * The runtimes of FunctionGraph (guide 3.1.2, FAQ 1.4, API enum `runtime`), one row each.
 *
 * `family` names the bootstrap that serves the runtime; runtimes of one family differ only in the interpreter.
 */
export type RuntimeFamily =
  | "nodejs"
  | "python"
  | "java"
  | "go"
  | "csharp"
  | "php"
  | "cangjie"
  | "custom"
  | "http"
  | "image";

/** How the entry of the code is written in `handler` (guide 3.3.2). */
export type HandlerForm =
  | "file.function"
  | "package.Class.method"
  | "binary"
  | "assembly"
  | "bootstrap"
  | "none";

export interface Runtime {
  /** The name the API uses, for example `Node.js18.15`. */
  readonly name: string;
  readonly family: RuntimeFamily;
  /** Version of the language, for example `18.15`; empty where the user brings it. */
  readonly version: string;
  readonly handlerForm: HandlerForm;
  /** File ending of the entry file for `file.function` handlers, with its dot. */
  readonly entryEndings: readonly string[];
  /** Code types the runtime takes (guide table 3-5). */
  readonly codeTypes: readonly CodeType[];
}

/** How code reaches the platform (API enum `code_type`). */
export const CodeType = {
  Inline: "inline",
  Zip: "zip",
  Obs: "obs",
  Jar: "jar",
  Image: "Custom-Image-Swr",
} as const;
export type CodeType = (typeof CodeType)[keyof typeof CodeType];

const EDITABLE = [CodeType.Inline, CodeType.Zip, CodeType.Obs] as const;
const COMPILED = [CodeType.Zip, CodeType.Obs] as const;
const JAVA = [CodeType.Zip, CodeType.Jar, CodeType.Obs] as const;

function scripts(
  family: RuntimeFamily,
  prefix: string,
  ending: readonly string[],
  versions: string,
): Runtime[] {
  return versions.split(" ").map((version) => ({
    name: prefix + version,
    family,
    version,
    handlerForm: "file.function",
    entryEndings: ending,
    codeTypes: EDITABLE,
  }));
}

const NODE_VERSIONS = "6.10 8.10 10.16 12.13 14.18 16.17 18.15 20.15";
const PYTHON_VERSIONS = "2.7 3.6 3.9 3.10 3.12";
const JAVA_VERSIONS = ["8", "11", "17", "21"];
const DOTNET_VERSIONS = ["2.0", "2.1", "3.1", "6.0", "8.0"];

/** Every runtime that the guide, the FAQ or the API names. */
export const RUNTIMES: readonly Runtime[] = [
  ...scripts("nodejs", "Node.js", [".js", ".cjs", ".mjs"], NODE_VERSIONS),
  ...scripts("python", "Python", [".py"], PYTHON_VERSIONS),
  ...JAVA_VERSIONS.map((version) => ({
    name: `Java${version}`,
    family: "java" as const,
    version,
    handlerForm: "package.Class.method" as const,
    entryEndings: [],
    codeTypes: JAVA,
  })),
  {
    name: "Go1.8",
    family: "go",
    version: "1.8",
    handlerForm: "binary",
    entryEndings: [],
    codeTypes: COMPILED,
  },
  {
    name: "Go1.x",
    family: "go",
    version: "1.x",
    handlerForm: "binary",
    entryEndings: [],
    codeTypes: COMPILED,
  },
  ...DOTNET_VERSIONS.map((version) => ({
    name: `C#(.NET Core ${version})`,
    family: "csharp" as const,
    version,
    handlerForm: "assembly" as const,
    entryEndings: [],
    codeTypes: COMPILED,
  })),
  ...scripts("php", "PHP", [".php"], "7.3 8.3"),
  {
    name: "Cangjie1.0",
    family: "cangjie",
    version: "1.0",
    handlerForm: "binary",
    entryEndings: [],
    codeTypes: COMPILED,
  },
  {
    name: "Custom",
    family: "custom",
    version: "",
    handlerForm: "bootstrap",
    entryEndings: [],
    codeTypes: EDITABLE,
  },
  {
    name: "http",
    family: "http",
    version: "",
    handlerForm: "bootstrap",
    entryEndings: [],
    codeTypes: [...EDITABLE, CodeType.Image],
  },
  {
    name: "Custom Image",
    family: "image",
    version: "",
    handlerForm: "none",
    entryEndings: [],
    codeTypes: [CodeType.Image],
  },
];

const BY_NAME = new Map(RUNTIMES.map((runtime) => [runtime.name, runtime]));

/** The runtime of that API name, or undefined. */
export function findRuntime(name: string): Runtime | undefined {
  return BY_NAME.get(name);
}
