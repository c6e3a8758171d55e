import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import type { HandlerForm, Runtime } from "./runtimes.ts";

interface Form {
  readonly pattern: RegExp;
  readonly rule: string;
  readonly example: string;
}

const ANY = /^\S+$/;

/** How an entry is written, one row a form (guide 3.3.2; C# from the API reference). */
const FORMS: Readonly<Record<HandlerForm, Form>> = {
  "file.function": {
    pattern: /^[\w-]+\.[A-Za-z_$][\w$]*$/,
    rule: "must be the entry file at the root of the code without its ending, one dot, and the function",
    example: "index.handler",
  },
  "package.Class.method": {
    pattern: /^([A-Za-z_$][\w$]*\.){2,}[A-Za-z_$][\w$]*$/,
    rule: "must be package, class and method, joined by dots",
    example: "com.example.Greeter.greet",
  },
  binary: {
    pattern: /^[\w-][\w.-]*$/,
    rule: "must be the file name of the executable at the root of the code",
    example: "handler",
  },
  assembly: {
    pattern: /^[\w.-]+::[A-Za-z_][\w.]*\.[A-Za-z_]\w*::[A-Za-z_]\w*$/,
    rule: "must be assembly, class with its namespace, and method, joined by two colons",
    example: "Greeter::Example.Greeter::Greet",
  },
  bootstrap: { pattern: ANY, rule: "must not be empty or contain blanks", example: "bootstrap" },
  none: { pattern: ANY, rule: "must not be empty or contain blanks", example: "-" },
};

/** An HTTP function always starts the file `bootstrap` (guide 3.2.2.2). */
const HTTP_FORM: Form = {
  pattern: /^bootstrap$/,
  rule: "must be bootstrap, the file that starts the web server of an HTTP function",
  example: "bootstrap",
};

/** Which property holds the handler and the code of its fault. */
export interface HandlerPlace {
  readonly property: string;
  readonly code: string;
}

/** Faults of a handler's form for one runtime. */
export function checkHandler(runtime: Runtime, handler: string, place: HandlerPlace): Fault[] {
  const form = runtime.family === "http" ? HTTP_FORM : FORMS[runtime.handlerForm];
  const given = { property: place.property, value: handler, code: place.code };
  if (handler.length > LIMITS.handlerLength)
    return [
      {
        ...given,
        rule: `has ${handler.length} characters, at most ${LIMITS.handlerLength} are allowed`,
        fix: "Give the entry file or the function a shorter name.",
      },
    ];
  if (form.pattern.test(handler)) return [];
  return [
    {
      ...given,
      rule: `${form.rule} (runtime ${runtime.name})`,
      fix: `Write "${form.example}", for example.`,
    },
  ];
}

/**
 * The entry file (without its ending) and the function that a handler names.
 * Undefined when the handler has no such form.
 */
export function splitHandler(handler: string): { file: string; name: string } | undefined {
  const dot = handler.lastIndexOf(".");
  return dot <= 0 ? undefined : { file: handler.slice(0, dot), name: handler.slice(dot + 1) };
}
