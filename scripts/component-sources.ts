import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Something that the package exports, as its source file tells it. */
export type Declared = DeclaredClass | DeclaredArgs | DeclaredChoice;

/** A component. */
export interface DeclaredClass {
  readonly kind: "class";
  readonly name: string;
  readonly about: string;
  /** Interface of its arguments; empty for one that takes none. */
  readonly args: string;
  readonly outputs: readonly Member[];
  readonly methods: readonly Member[];
  readonly file: string;
}

/** An interface of arguments, with those that it takes over from others. */
export interface DeclaredArgs {
  readonly kind: "args";
  readonly name: string;
  readonly about: string;
  readonly members: readonly Member[];
  readonly file: string;
}

/** A list of values to choose from. */
export interface DeclaredChoice {
  readonly kind: "choice";
  readonly name: string;
  readonly about: string;
  readonly values: readonly Member[];
  readonly file: string;
}

/** An argument, an output, a method or a value. */
export interface Member {
  readonly name: string;
  /** As the source has it; what is behind `@default` is not part of `about`. */
  readonly type: string;
  readonly about: string;
  readonly optional: boolean;
}

/** Everything that `components/index.ts` exports, by the names that programs use, in the order of the alphabet. */
export function readComponents(folder: string): Declared[] {
  const index = parse(join(folder, "index.ts"));
  const exported = index.statements.filter(ts.isExportDeclaration).flatMap((statement) => namesOf(statement));
  const files = new Map(exported.map(({ file }) => [file, parse(join(folder, file))]));
  const types = typesOf(folder, [...files.values()]);
  return exported
    .flatMap(({ name, source, file }) => {
      const found = files.get(file)?.statements.flatMap((one) => declaredIn(one, source, { file, types }));
      return (found ?? []).map((one) => ({ ...one, name }));
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Exported {
  readonly name: string;
  readonly source: string;
  readonly file: string;
}

function namesOf({ moduleSpecifier, exportClause }: ts.ExportDeclaration): Exported[] {
  if (moduleSpecifier === undefined || exportClause === undefined || !ts.isNamedExports(exportClause))
    return [];
  const file = (moduleSpecifier as ts.StringLiteral).text.replace("./", "");
  return exportClause.elements.map(({ name, propertyName }) => ({
    name: name.text,
    source: (propertyName ?? name).text,
    file,
  }));
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

/** Interfaces and classes by name. */
type Types = ReadonlyMap<string, ts.InterfaceDeclaration | ts.ClassDeclaration>;

/** Types of the files and of those that they import from beside them. */
function typesOf(folder: string, files: readonly ts.SourceFile[]): Types {
  const found = new Map<string, ts.InterfaceDeclaration | ts.ClassDeclaration>();
  const seen = new Set(files.map(({ fileName }) => fileName));
  const queue = [...files];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const statement of file.statements) {
      if (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement))
        found.set(statement.name?.text ?? "", statement);
      if (!ts.isImportDeclaration(statement)) continue;
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      const path = join(dirname(file.fileName), from);
      if (!from.startsWith(".") || !path.startsWith(folder) || seen.has(path)) continue;
      seen.add(path);
      queue.push(parse(path));
    }
  }
  return found;
}

interface Place {
  readonly file: string;
  readonly types: Types;
}

function declaredIn(statement: ts.Statement, name: string, { file, types }: Place): Declared[] {
  if (ts.isInterfaceDeclaration(statement) && statement.name.text === name)
    return [{ kind: "args", name, about: docOf(statement), members: membersOf(statement, types), file }];
  if (ts.isClassDeclaration(statement) && statement.name?.text === name)
    return [classOf(statement, file, types)];
  if (!ts.isVariableStatement(statement)) return [];
  const [constant] = statement.declarationList.declarations;
  if (constant?.name.getText() !== name || constant.initializer === undefined) return [];
  return [{ kind: "choice", name, about: docOf(statement), values: valuesOf(constant.initializer), file }];
}

function classOf(node: ts.ClassDeclaration, file: string, types: Types): DeclaredClass {
  const shown = shownOf(node, types);
  const args = node.members
    .find(ts.isConstructorDeclaration)
    ?.parameters.find(({ name }) => name.getText() === "args")
    ?.type?.getText();
  return {
    kind: "class",
    name: node.name?.text ?? "",
    about: docOf(node),
    args: args ?? "",
    outputs: shown.filter(ts.isPropertyDeclaration).map((one) => memberOf(one)),
    methods: shown.filter(ts.isMethodDeclaration).map((one) => methodOf(one)),
    file,
  };
}

/** Members that programs may use, with those of a base class of ours. */
function shownOf(node: ts.ClassDeclaration, types: Types): ts.ClassElement[] {
  const own = node.members.filter((member) => member.name !== undefined && isPublic(member));
  const [base] = parentsOf(node, types).filter(ts.isClassDeclaration);
  return base === undefined ? own : [...own, ...shownOf(base, types)];
}

function isPublic(member: ts.ClassElement): boolean {
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return false;
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return !modifiers.some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );
}

function parentsOf(
  node: ts.ClassDeclaration | ts.InterfaceDeclaration,
  types: Types,
): (ts.ClassDeclaration | ts.InterfaceDeclaration)[] {
  return (node.heritageClauses ?? []).flatMap((clause) =>
    clause.types.flatMap(({ expression }) => types.get(expression.getText()) ?? []),
  );
}

function methodOf(node: ts.MethodDeclaration): Member {
  const parameters = node.parameters.filter(({ name }) => name.getText() !== "opts");
  const text = parameters
    .map(({ name, type }) => `${name.getText()}: ${type?.getText() ?? "object"}`)
    .join(", ");
  return { name: node.name.getText(), type: `(${text})`, about: docOf(node), optional: false };
}

function membersOf(node: ts.InterfaceDeclaration, types: Types): Member[] {
  const own = node.members.filter(ts.isPropertySignature).map((one) => memberOf(one));
  const parents = parentsOf(node, types).filter(ts.isInterfaceDeclaration);
  return [...own, ...parents.flatMap((parent) => membersOf(parent, types))];
}

function memberOf(node: ts.PropertySignature | ts.PropertyDeclaration): Member {
  return {
    name: node.name.getText(),
    type: node.type?.getText().replaceAll(/\s+/g, " ") ?? "",
    about: docOf(node),
    optional: node.questionToken !== undefined,
  };
}

/** The values of `{ Name: "text" } as const`. */
function valuesOf(initializer: ts.Expression): Member[] {
  const object = ts.isAsExpression(initializer) ? initializer.expression : initializer;
  if (!ts.isObjectLiteralExpression(object)) return [];
  return object.properties.filter(ts.isPropertyAssignment).map((one) => ({
    name: one.name.getText(),
    type: one.initializer.getText(),
    about: docOf(one),
    optional: false,
  }));
}

/** The text of a doc comment, without its tags; what only looks like one within a line stays. */
function docOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const lines = (doc?.getText() ?? "")
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""));
  const tags = lines.findIndex((line) => /^@\w/.test(line));
  return (tags < 0 ? lines : lines.slice(0, tags)).join("\n").trim();
}
