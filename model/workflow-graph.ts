import type { Fault } from "./fault.ts";
import { wrong, type WorkflowDefinition, type WorkflowState } from "./workflow.ts";

/** States that call functions, in one workflow (guide 3.11.1). */
const OPERATIONS = 99;

/** Faults of a workflow's shape: it starts, goes forward without a circle, reaches every state, and ends (guide 3.11.1). */
export function checkWorkflowGraph({ start, states }: WorkflowDefinition): Fault[] {
  const byId = new Map(states.map((state) => [state.id, state]));
  const first = byId.get(start);
  const operations = states.filter(({ type }) => type === "Operation").length;
  const faults = [
    ...(operations > OPERATIONS
      ? [
          wrong(
            "states",
            undefined,
            `has ${operations} that call functions, at most ${OPERATIONS} are allowed`,
            "Split the workflow.",
          ),
        ]
      : []),
    ...checkStart(start, first),
    ...states.flatMap((state, index) => checkEdges(state, `states.${index}`, byId)),
  ];
  // What points nowhere has its own fault; the rest of the shape is judged once everything is connected.
  return faults.length > 0 || first === undefined
    ? faults
    : [...checkCircle(states), ...checkReach(first, states)];
}

function checkStart(start: string, first: WorkflowState | undefined): Fault[] {
  if (first === undefined)
    return [wrong("start", start, "is the id of no state", "Name the id of the first state.")];
  if (first.type !== "End") return [];
  return [wrong("start", start, "is an End, which cannot come first", "Name an Operation or a Sleep.")];
}

function checkEdges(
  state: WorkflowState,
  property: string,
  byId: ReadonlyMap<string, WorkflowState>,
): Fault[] {
  const { type, end, transition } = state;
  const faults: Fault[] = [];
  const last = type === "End" || end;
  if (type === "End" && !end)
    faults.push(wrong(`${property}.end`, end, "an End ends the workflow", "Send true."));
  if (last && transition !== "") {
    faults.push(wrong(`${property}.transition`, transition, "nothing follows the end", 'Send "".'));
  }
  if (!last && !byId.has(transition)) {
    faults.push(
      wrong(
        `${property}.transition`,
        transition,
        "is the id of no state",
        "Name the next state, or set end to true.",
      ),
    );
  }
  for (const [index, { transition: handler }] of (state.on_errors ?? []).entries()) {
    const target = handler ? byId.get(handler) : state;
    if (target !== undefined && (target === state || target.type !== "End")) continue;
    const rule = target === undefined ? "is the id of no state" : "is an End, which cannot handle an error";
    faults.push(wrong(`${property}.on_errors.${index}.transition`, handler, rule, "Name another state."));
  }
  return faults;
}

function successors({ transition, on_errors }: WorkflowState): string[] {
  const handlers = (on_errors ?? []).map((one) => one.transition ?? "");
  return [...new Set([transition, ...handlers])].filter((id) => id !== "");
}

/** Takes away states that nothing leads to until none is left; what stays goes in a circle. */
function checkCircle(states: readonly WorkflowState[]): Fault[] {
  const incoming = new Map<string, number>(states.map(({ id }) => [id, 0]));
  for (const id of states.flatMap(successors)) incoming.set(id, (incoming.get(id) ?? 0) + 1);
  const byId = new Map(states.map((state) => [state.id, state]));
  const free = states.filter(({ id }) => incoming.get(id) === 0);
  for (let state = free.pop(); state !== undefined; state = free.pop()) {
    incoming.delete(state.id);
    for (const id of successors(state)) {
      const left = (incoming.get(id) ?? 0) - 1;
      incoming.set(id, left);
      const next = byId.get(id);
      if (left === 0 && next !== undefined) free.push(next);
    }
  }
  if (incoming.size === 0) return [];
  const ids = [...incoming.keys()].join(", ");
  return [
    wrong("states", undefined, `${ids} go in a circle`, "A workflow only goes forward; lead one of them on."),
  ];
}

function checkReach(first: WorkflowState, states: readonly WorkflowState[]): Fault[] {
  const byId = new Map(states.map((state) => [state.id, state]));
  const reached = new Set<string>([first.id]);
  // A set hands out what is added while it is gone through.
  for (const id of reached) for (const next of successors(byId.get(id) ?? first)) reached.add(next);
  return states.flatMap(({ id }, index) =>
    reached.has(id)
      ? []
      : [wrong(`states.${index}`, id, "nothing leads to it", "Let a transition name it, or leave it out.")],
  );
}
