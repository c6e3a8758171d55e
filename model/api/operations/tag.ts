import { RESOURCE_TAGS } from "../paths.ts";
import type { OperationTable } from "../operation-row.ts";

/** Operations on tags. */
export const TAG_OPERATIONS = {
  CreateTags: {
    method: "POST",
    path: `${RESOURCE_TAGS}/create`,
    access: "manage",
    body: "UpdateFunctionTagsRequestBody",
    status: 204,
    summary: "Adds tags to a resource.",
  },
  DeleteTags: {
    method: "DELETE",
    path: `${RESOURCE_TAGS}/delete`,
    access: "manage",
    body: "UpdateFunctionTagsRequestBody",
    status: 204,
    summary: "Takes tags off a resource.",
  },
  ListFunctionTags: {
    method: "GET",
    path: RESOURCE_TAGS,
    access: "read",
    reply: "ListFunctionTagsResponse",
    status: 200,
    summary: "Lists the tags of a resource.",
  },
  ShowProjectTagsList: {
    method: "GET",
    path: "/v2/{project_id}/{resource_type}/tags",
    access: "read",
    reply: "ShowProjectTagsListResponse",
    status: 200,
    summary: "Lists all tags of one kind of resource.",
  },
  ShowResInstanceInfo: {
    method: "POST",
    path: "/v2/{project_id}/{resource_type}/resource-instances/{action}",
    access: "read",
    body: "ListEnterpriseResourceRequestBody",
    reply: "ShowResInstanceInfoResponse",
    status: 200,
    summary: "Finds or counts resources by their tags.",
  },
} as const satisfies OperationTable;
