import { APPLICATION_MODELS } from "./models/application.ts";
import { CODE_MODELS } from "./models/code.ts";
import { DEPENDENCY_MODELS } from "./models/dependency.ts";
import { EXTRA_MODELS } from "./models/extra.ts";
import { FLOW_MODELS } from "./models/flow.ts";
import { FUNCTION_MODELS } from "./models/function.ts";
import { INVOCATION_MODELS } from "./models/invocation.ts";
import { METRIC_MODELS } from "./models/metric.ts";
import { RESERVED_INSTANCE_MODELS } from "./models/reserved-instance.ts";
import { SETTING_MODELS } from "./models/setting.ts";
import { TAG_MODELS } from "./models/tag.ts";
import { TEST_EVENT_MODELS } from "./models/test-event.ts";
import { TRIGGER_MODELS } from "./models/trigger.ts";
import { VERSION_MODELS } from "./models/version.ts";

/** Every body and reply of the API by name, in the notation of notation.ts. */
export const MODELS = {
  ...FUNCTION_MODELS,
  ...CODE_MODELS,
  ...VERSION_MODELS,
  ...TRIGGER_MODELS,
  ...INVOCATION_MODELS,
  ...TEST_EVENT_MODELS,
  ...DEPENDENCY_MODELS,
  ...APPLICATION_MODELS,
  ...RESERVED_INSTANCE_MODELS,
  ...METRIC_MODELS,
  ...TAG_MODELS,
  ...SETTING_MODELS,
  ...FLOW_MODELS,
  ...EXTRA_MODELS,
} as const;

export type ModelName = keyof typeof MODELS;

export function isModel(name: string): name is ModelName {
  return Object.hasOwn(MODELS, name);
}
