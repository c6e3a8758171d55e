import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";

const MB = 1024 * 1024;
const UNLIMITED = -1;

/**
 * The limits of guide 1.6 and how much of each is used; an archive that several functions have counts once. Workflows have no limit (-1), and of addresses that wait to be released there are none.
 */
async function listQuotas(call: Call, { store, limits, live, idleSeconds }: ApiContext): Promise<Reply> {
  const prefix = `${call.projectId}/`;
  const instances = (await live.instances()).filter(({ functionKey }) => functionKey.startsWith(prefix));
  const reserved = store.reservedInstances.all(call.projectId).reduce((sum, { spec }) => sum + spec.count, 0);
  const byVersion = Map.groupBy(instances, ({ functionKey }) => functionKey);
  const busiest = Math.max(0, ...[...byVersion.values()].map((own) => own.length));
  return ok({
    quotas: {
      resources: [
        resource("fgs_func_num", limits.functions, store.functions.count(call.projectId)),
        resource(
          "fgs_func_code_size",
          Math.round(limits.totalCodeBytes / MB),
          Math.ceil(store.code.totalBytes(call.projectId) / MB),
          "MB",
        ),
        resource("fgs_func_occurs", Math.floor(limits.concurrentExecutions * limits.reservedShare), reserved),
        resource("fgs_on_demand_instance_limit", limits.maxInstances.default, busiest),
        resource("fgs_func_qos_limit", limits.concurrentExecutions, instances.length),
        resource("fgs_func_scale_down_timeout", idleSeconds, 0),
        resource("fgs_func_pat_idle_time", 0, 0),
        resource("fgs_workflow_num", UNLIMITED, store.workflows.list(call.projectId).length),
      ],
    },
  });
}

function resource(type: string, quota: number, used: number, unit = ""): object {
  return { type, quota, used, ...(unit !== "" && { unit }) };
}

/** Quotas. */
export const quotasOperations = {
  ListQuotas: listQuotas,
} satisfies Operations;
