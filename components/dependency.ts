import type * as pulumi from "@pulumi/pulumi";
import { renamed } from "../model/declaration.ts";
import { checkDependency } from "../model/dependency.ts";
import { packDependency } from "./internal/code.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:Dependency";

/** Arguments of a dependency. */
export interface DependencyArgs {
  /** The files, relative to the program's folder: a folder or a `.zip` file, at most 30,000 files and 40 MB packed. */
  code: string;
  /** Runtime that the libraries are built for, for example `Runtime.Python312`. */
  runtime: string;
  /**
   * Name of the dependency: letters, digits, `-`, `_` and `.`, at most 96 characters. Defaults to the
   * resource's own name.
   *
   * @default - the resource's name
   */
  dependencyName?: string;
  /**
   * What is in it; at most 512 characters. Defaults to an empty text.
   *
   * @default ""
   */
  description?: pulumi.Input<string>;
}

/**
 * Libraries that functions share: their files lie beside the code of every function that names them (guide 3.9).
 *
 * ```ts
 * const numbers = new fg.Dependency("numbers", { code: "./numbers", runtime: fg.Runtime.Python312 });
 * new fg.Function("report", { ...report, dependencies: [numbers.versionId] });
 * ```
 *
 * Every change is published as a new version; the one before is deleted after every function has moved on. A version
 * that a published version of a function still needs cannot be deleted (FSS.1033): keep it with `retainOnDelete`, or
 * delete that published version first.
 */
export class Dependency extends Resource {
  /** Id of the dependency, the same for all its versions. */
  declare readonly dependencyId: pulumi.Output<string>;
  /** Id of this version: what functions name. */
  declare readonly versionId: pulumi.Output<string>;
  /** Number of this version, from 1 on. */
  declare readonly version: pulumi.Output<number>;

  constructor(name: string, args: DependencyArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { dependencyId: undefined, versionId: undefined, version: undefined };
    super(TYPE, name, { ...dependencyInputs(name, args), ...outputs }, opts);
  }
}

function dependencyInputs(name: string, args: DependencyArgs): pulumi.Inputs {
  const { runtime, description = "" } = args;
  const spec = { name: args.dependencyName ?? name, runtime, description: knownOr(description, "") };
  const { faults, packed } = packDependency({ root: process.cwd(), code: args.code });
  const told = renamed(checkDependency(spec), { name: "dependencyName" });
  failOn({ kind: "Dependency", name }, [...told, ...faults]);
  return { name: spec.name, runtime, description, ...packed };
}
