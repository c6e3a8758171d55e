import {
  PolicyPack,
  type PolicyConfigSchema,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import {
  type Declared,
  longerThanGateway,
  movingAlias,
  overBudget,
  plainSecrets,
  publicTrigger,
} from "./rules.ts";

const FUNCTION = "fungraph:index:Function";
const ALIAS = "fungraph:index:Alias";
const HTTP_TRIGGER = "fungraph:index:HttpTrigger";
const RESERVED = "fungraph:index:ReservedInstances";

const allowed: PolicyConfigSchema = {
  properties: { allowed: { type: "array", items: { type: "string" }, default: [] } },
};
const pattern: PolicyConfigSchema = { properties: { pattern: { type: "string", default: "^prod" } } };
const budget: PolicyConfigSchema = { properties: { budget: { type: "number", default: 20 } } };

const publicTriggers: ResourceValidationPolicy = {
  name: "no-public-http-trigger",
  description: "HTTP triggers ask who calls, unless they are allowed by name.",
  enforcementLevel: "mandatory",
  configSchema: allowed,
  validateResource: (args, report) => {
    const { type, name, props } = args;
    if (type !== HTTP_TRIGGER) return;
    tell(
      publicTrigger({ type, name, inputs: props }, args.getConfig<{ allowed: string[] }>().allowed),
      report,
    );
  },
};

const movingAliases: ResourceValidationPolicy = {
  name: "no-latest-behind-production",
  description: "Aliases for production point to published versions.",
  enforcementLevel: "mandatory",
  configSchema: pattern,
  validateResource: (args, report) => {
    const { type, name, props } = args;
    if (type !== ALIAS) return;
    tell(movingAlias({ type, name, inputs: props }, args.getConfig<{ pattern: string }>().pattern), report);
  },
};

const plainSecretNames: ResourceValidationPolicy = {
  name: "no-plain-secrets",
  description: "Variables that look like secrets are encrypted.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, name, props }, report) => {
    if (type === FUNCTION) tell(plainSecrets({ type, name, inputs: props }), report);
  },
};

const gatewayTimeouts: StackValidationPolicy = {
  name: "timeout-within-gateway",
  description: "Functions behind HTTP triggers end before the gateway gives up.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const all = resources.map(({ type, name, props }): Declared => ({ type, name, inputs: props }));
    const triggers = all.filter(({ type }) => type === HTTP_TRIGGER);
    for (const each of all) if (each.type === FUNCTION) tell(longerThanGateway(each, triggers), report);
  },
};

const reservedBudget: StackValidationPolicy = {
  name: "reserved-instances-within-budget",
  description: "Reserved instances cost money while nothing calls them; together they stay within a budget.",
  enforcementLevel: "mandatory",
  configSchema: budget,
  validateStack: (args, report) => {
    const reserved = args.resources.filter(({ type }) => type === RESERVED);
    const declared = reserved.map(({ type, name, props }) => ({ type, name, inputs: props }));
    tell(overBudget(declared, args.getConfig<{ budget: number }>().budget), report);
  },
};

function tell(violation: string | undefined, report: (message: string) => void): void {
  if (violation !== undefined) report(violation);
}

// Making a pack starts its server.
export const pack = new PolicyPack("fungraph", {
  policies: [publicTriggers, movingAliases, plainSecretNames, gatewayTimeouts, reservedBudget],
});
