/**
 * What a caller needs for an operation: nothing (`open`), or the right to look (`read`), to run functions (`invoke`) or to
 * change things (`manage`).
 */
export type Access = "open" | "read" | "invoke" | "manage";

/** The system roles of guide 1.7 and what its table of operations gives to each. */
export const ROLES = {
  "FunctionGraph ReadOnlyAccess": ["open", "read"],
  "FunctionGraph CommonOperations": ["open", "read", "invoke"],
  "FunctionGraph FullAccess": ["open", "read", "invoke", "manage"],
} as const satisfies Readonly<Record<string, readonly Access[]>>;

export type Role = keyof typeof ROLES;

/** Whether a role covers what an operation needs. */
export function mayCall(role: Role, access: Access): boolean {
  const covered: readonly Access[] = ROLES[role];
  return covered.includes(access);
}
