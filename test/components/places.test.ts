import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { tellPlaces } from "../../components/internal/places.ts";

interface Place {
  readonly uri: string;
  readonly line: number;
}
type Asked = () => readonly (Place | undefined)[];

const OWN = join(import.meta.dirname, "../../components/some.ts");

tellPlaces();
const ask: Asked = () =>
  (Reflect.get(pulumi.Resource, "stackTrace") as (skip: number) => ReturnType<Asked>)(2);

/** Code that is found in a file. */
function inFile(filename: string, code: string): (ask: Asked) => ReturnType<Asked> {
  return runInThisContext(code, { filename }) as (ask: Asked) => ReturnType<Asked>;
}

test.each(["/home/me/shop/index.ts", "/home/me/shop (new)/index.ts", "/home/me/at 1:2/a b.ts"])(
  "the place in %s is the line of the program",
  (file) => {
    const [unnamed, named] = [
      inFile(file, "\n(ask) => ask()"),
      inFile(file, "\n\n(function named(ask) { return ask(); })"),
    ];
    const { href: uri } = pathToFileURL(file);
    expect(unnamed(ask)[0]).toMatchObject({ uri, line: 2 });
    expect(named(ask)[0]).toMatchObject({ uri, line: 3 });
  },
);

test("what the package declares in a loop is declared where it was called", () => {
  const program = "/home/me/shop/index.ts";
  const own = inFile(OWN, "(ask) => [1].map(() => ask())[0]");
  const called = (): ReturnType<Asked> => own(ask);
  expect(inFile(program, "(ask) => ask()")(called)[0]?.uri).toBe(import.meta.url.replace(/\?.*/, ""));
});

test("code that is made as the program runs has no place of its own", () => {
  const { href: uri } = pathToFileURL("/home/me/shop/index.ts");
  const [first] = inFile("/home/me/shop/index.ts", "\n(ask) => eval('ask()')")(ask);
  expect(first).toMatchObject({ uri, line: 2 });
});

test("a program that writes its errors in its own way is let be", () => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace") ?? { value: undefined };
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    expect(ask()).toEqual([]);
  } finally {
    Object.defineProperty(Error, "prepareStackTrace", before);
  }
});
