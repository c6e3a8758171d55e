import { mayCall, type Access, type Role } from "../../model/api/access.ts";
import { AuthRefusal } from "./refusal.ts";

/** Who asks, and what they may do in their project. */
export interface Principal {
  /** The access key, or the name of the user who signed in. */
  readonly name: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly role: Role;
  /** May make projects, users and key pairs. */
  readonly administrator: boolean;
}

/** A refusal when the project in the path is not the principal's. */
export function checkProject(principal: Principal, projectId: string): AuthRefusal | undefined {
  if (projectId === principal.projectId) return undefined;
  return new AuthRefusal(
    "FSS.0403",
    `The path names the project ${JSON.stringify(projectId.slice(0, 64))}, the access key or token belongs to "${principal.projectId}". Use that project's id, or a key pair or token of the other project.`,
  );
}

const WHAT: Readonly<Record<Access, string>> = {
  open: "call this",
  read: "look at functions",
  invoke: "run functions",
  manage: "create, change or delete",
};

/** A refusal when the principal's role does not cover what an operation needs (guide 1.7, table 1-6). */
export function checkRole(principal: Principal, access: Access): AuthRefusal | undefined {
  if (mayCall(principal.role, access)) return undefined;
  const needed = access === "manage" ? "" : ' "FunctionGraph CommonOperations" or';
  return new AuthRefusal(
    "FSS.0403",
    `"${principal.name}" has the role "${principal.role}", which does not allow to ${WHAT[access]}. Use a key pair or user with${needed} "FunctionGraph FullAccess".`,
  );
}
