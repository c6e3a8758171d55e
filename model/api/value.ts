import type { EnumName, ENUMS } from "./enums.ts";
import type { ModelName, MODELS } from "./models.ts";
import type { OperationId, OPERATIONS } from "./operations.ts";

interface Scalars {
  string: string;
  integer: number;
  number: number;
  boolean: boolean;
  datetime: string;
  any: unknown;
  archive: Uint8Array;
  base64: string | Uint8Array;
}

type Read<T extends string> = T extends `${infer A} | ${infer B}`
  ? Read<A> | Read<B>
  : T extends `${infer Item}[]`
    ? readonly Read<Item>[]
    : T extends `map<${infer Item}>`
      ? Readonly<Record<string, Read<Item>>>
      : T extends keyof Scalars
        ? Scalars[T]
        : T extends EnumName
          ? (typeof ENUMS)[T][number]
          : T extends ModelName
            ? ModelValue<T>
            : never;

type Required<F> = { [K in keyof F]: F[K] extends `${string}!` ? K : never }[keyof F];

type Fields<F> = {
  readonly [K in Required<F>]: F[K] extends `${infer T}!` ? Read<T> : never;
} & {
  // Clients of some languages write null for what they leave out.
  readonly [K in Exclude<keyof F, Required<F>>]?: F[K] extends string ? Read<F[K]> | null : never;
};

/** The value that a model describes, once it has passed the check. */
export type ModelValue<Name extends ModelName> = Fields<(typeof MODELS)[Name]>;

type Rows = typeof OPERATIONS;

/** The request body of an operation, once it has passed the check; undefined where the operation has none. */
export type BodyOf<Id extends OperationId> = Rows[Id] extends { readonly body: infer T extends string }
  ? Read<T>
  : undefined;

/** The reply of an operation; undefined where it is empty. */
export type ReplyOf<Id extends OperationId> = Rows[Id] extends { readonly reply: infer T extends string }
  ? Read<T>
  : undefined;
