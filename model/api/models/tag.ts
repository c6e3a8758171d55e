import type { ModelTable } from "../notation.ts";

/** Bodies and replies of tags, in the notation of ../notation.ts. */
export const TAG_MODELS = {
  UpdateFunctionTagsRequestBody: { action: "string", tags: "KvItem[]", sys_tags: "KvItem[]" },
  KvItem: { key: "string", value: "string" },
  ListFunctionTagsResponse: { tags: "KvItem[]", sys_tags: "KvItem[]" },
  ShowProjectTagsListResponse: { tags: "TagItem[]", sys_tags: "TagItem[]" },
  TagItem: { key: "string", values: "string[]" },
  ListEnterpriseResourceRequestBody: {
    without_any_tag: "boolean",
    /** Text from SDKs, a number from Terraform. */
    limit: "string | integer",
    offset: "string | integer",
    action: "string",
    tags: "TagItem[]",
    matches: "KvItem[]",
    sys_tags: "TagItem[]",
  },
  ShowResInstanceInfoResponse: { resources: "ListEnterpriseResourceResult[]", total_count: "integer" },
  ListEnterpriseResourceResult: {
    resource_id: "string",
    resource_detail: "ListEnterpriseResourceDetail",
    tags: "KvItem[]",
    sys_tags: "KvItem[]",
    resource_name: "string",
  },
  ListEnterpriseResourceDetail: { detailId: "string" },
} as const satisfies ModelTable;
