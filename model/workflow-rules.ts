import type { Fault } from "./fault.ts";
import { checkName } from "./name-rules.ts";
import { checkWholeNumber } from "./number.ts";
import { wrong, type WorkflowDefinition, type WorkflowState } from "./workflow.ts";
import { checkWorkflowGraph } from "./workflow-graph.ts";

/** All faults of a definition: names, references, ranges, and the shape of the graph (guide 3.11.1). */
export function checkWorkflow(workflow: WorkflowDefinition): Fault[] {
  const { functions, states, retries, triggers, mode } = workflow;
  return [
    ...checkName("function", workflow.name, "name").map((fault) => ({ ...fault, code: "FSS.0400" })),
    ...checkUnique(
      "functions",
      "name",
      functions.map((one) => one.name),
    ),
    ...checkUnique(
      "states",
      "id",
      states.map((one) => one.id),
    ),
    ...checkUnique(
      "states",
      "name",
      states.map((one) => one.name),
    ),
    ...checkUnique(
      "retries",
      "name",
      retries.map((one) => one.name),
    ),
    ...checkUnique(
      "triggers",
      "trigger_name",
      (triggers ?? []).map((one) => one.trigger_name),
    ),
    ...retries.flatMap(checkRetry),
    ...states.flatMap((state, index) => checkState(workflow, state, `states.${index}`)),
    ...checkTriggers(triggers ?? []),
    ...(mode !== "EXPRESS" && workflow.express_config
      ? [
          wrong(
            "express_config",
            undefined,
            "belongs to express flows",
            'Set mode to "EXPRESS", or leave it out.',
          ),
        ]
      : []),
    ...checkWorkflowGraph(workflow),
  ];
}

function checkUnique(list: string, field: string, values: readonly string[]): Fault[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    const property = `${list}.${index}.${field}`;
    if (value === "") return [wrong(property, value, "is empty", "Give it a text.")];
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [wrong(property, value, `is the ${field} of another one too`, "Choose another one.")];
  });
}

/** Ranges of the console (guide 3.11.2). */
function checkRetry({ delay, max_attempts }: WorkflowDefinition["retries"][number], index: number): Fault[] {
  const range = (name: string, value: number, max: number, unit: string): Fault[] =>
    checkWholeNumber(`retries.${index}.${name}`, value, { min: 1, max, unit, code: "FSS.0400" });
  return [
    ...range("delay", delay ?? 1, 30, "seconds"),
    ...range("max_attempts", max_attempts ?? 3, 8, "attempts"),
  ];
}

function checkState(workflow: WorkflowDefinition, state: WorkflowState, property: string): Fault[] {
  const names = workflow.functions.map((one) => one.name);
  const retries = workflow.retries.map((one) => one.name);
  const unknown = state.actions.flatMap(({ function_ref: { ref_name: name } }, index) =>
    names.includes(name)
      ? []
      : [
          wrong(
            `${property}.actions.${index}.function_ref.ref_name`,
            name,
            "is none of functions",
            "Name a function of the list functions, or add it there.",
          ),
        ],
  );
  const lost = (state.on_errors ?? []).flatMap(({ retry_ref: name }, index) =>
    !name || retries.includes(name)
      ? []
      : [
          wrong(
            `${property}.on_errors.${index}.retry_ref`,
            name,
            "is none of retries",
            "Name a row of the list retries, or add it there.",
          ),
        ],
  );
  return [...unknown, ...lost, ...checkKind(state, property), ...checkFilter(state, property)];
}

function checkKind({ type, actions, duration, on_errors }: WorkflowState, property: string): Fault[] {
  if (type === "Operation" && actions.length === 0) {
    return [wrong(`${property}.actions`, [], "an Operation calls a function", "Add an action.")];
  }
  if (type !== "Operation" && actions.length > 0) {
    return [wrong(`${property}.actions`, undefined, `a ${type} calls no function`, "Send [].")];
  }
  if (type === "Sleep" && !(Number.isInteger(duration) && Number(duration) >= 1)) {
    return [
      wrong(
        `${property}.duration`,
        duration,
        "must be a whole number of seconds from 1",
        "Write 1, for example.",
      ),
    ];
  }
  if ((on_errors?.length ?? 0) > 10) {
    return [wrong(`${property}.on_errors`, undefined, "has more than 10 branches", "Merge some of them.")];
  }
  return [];
}

function checkFilter({ state_data_filter: filter }: WorkflowState, property: string): Fault[] {
  return (["input", "output"] as const).flatMap((side) => {
    const path = filter?.[side];
    if (!path || path.startsWith("$")) return [];
    return [
      wrong(
        `${property}.state_data_filter.${side}`,
        path,
        "is no JSONPath",
        'Begin with $, for example "$.a".',
      ),
    ];
  });
}

const TRIGGERS = 10;

/** A trigger that never fires must not look like one that does. */
function checkTriggers(triggers: NonNullable<WorkflowDefinition["triggers"]>): Fault[] {
  const many =
    triggers.length > TRIGGERS
      ? [
          wrong(
            "triggers",
            undefined,
            `has ${triggers.length}, at most ${TRIGGERS} are allowed`,
            "Leave some out.",
          ),
        ]
      : [];
  const live = triggers.flatMap(({ enabled }, index) =>
    enabled === false
      ? []
      : [
          wrong(
            `triggers.${index}.enabled`,
            enabled ?? undefined,
            "this platform does not run workflows yet, so their triggers cannot be on",
            "Send false.",
          ),
        ],
  );
  return [...many, ...live];
}
