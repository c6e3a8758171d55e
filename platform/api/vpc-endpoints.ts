import { z } from "zod";

import { readBody } from "../../model/wire/body.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { shown } from "./target.ts";

const ID = /^[\w-]{1,64}$/;
const id = z.string().regex(ID, "must have 1 to 64 letters, digits, _ and -");
const schema = z.looseObject({
  vpc_id: id,
  subnet_id: id,
  flavor: z.string().nullish(),
  xrole: z.string().nullish(),
});

/**
 * Notes an entry from a subnet and answers where the gateway is. Off the cloud a private network reaches the gateway as
 * everybody does, so the address is the gateway's own; asking twice gives one entry.
 */
function createVpcEndpoint(call: Call, { store }: ApiContext): Reply {
  const { vpc_id: vpcId, subnet_id: subnetId } = accept(
    readBody(schema, call.body, { vpc_id: "FSS.1036", subnet_id: "FSS.1037" }),
  );
  store.vpcEndpoints.put({ projectId: call.projectId, vpcId, subnetId });
  return ok({ endpoints: [call.publicUrl], address: new URL(call.publicUrl).hostname });
}

/** FSS.0404 when it is not there. */
function deleteVpcEndpoint(call: Call, { store }: ApiContext): Reply {
  const { vpc_id: vpcId = "", subnet_id: subnetId = "" } = call.parameters;
  if (store.vpcEndpoints.delete({ projectId: call.projectId, vpcId, subnetId })) return NO_CONTENT;
  throw new ApiError(
    "FSS.0404",
    `There is no endpoint in the subnet ${shown(subnetId)} of the VPC ${shown(vpcId)}. Check both ids.`,
  );
}

/** Entries from private networks. */
export const vpcEndpointsOperations = {
  CreateVpcEndpoint: createVpcEndpoint,
  DeleteVpcEndpoint: deleteVpcEndpoint,
} satisfies Operations;
