import { type Role, ROLES } from "./api/access.ts";
import type { Fault } from "./fault.ts";

/** A role that functions act in (guide 3.3.3). */
export interface AgencySpec {
  readonly name: string;
  /** What whoever acts as the agency may do. */
  readonly role: Role;
}

/** Names of agencies, and of projects and users. */
export const ACCESS_NAME = {
  test: /^[A-Za-z][\w-]{0,63}$/,
  rule: "must start with a letter and have at most 64 letters, digits, _ and -",
};

/** All faults of an agency. */
export function checkAgency({ name, role }: { readonly name: string; readonly role: string }): Fault[] {
  const faults: Fault[] = [];
  const code = "FSS.0400";
  if (!ACCESS_NAME.test.test(name))
    faults.push({
      property: "name",
      value: name,
      rule: ACCESS_NAME.rule,
      fix: 'Write "storage", for example.',
      code,
    });
  const roles = Object.keys(ROLES);
  if (!roles.includes(role)) {
    const rule = `must be one of the roles ${roles.join(", ")}`;
    faults.push({ property: "role", value: role, rule, fix: `Write "${roles[0]}", for example.`, code });
  }
  return faults;
}
