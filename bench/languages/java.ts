import { CodeType } from "../../model/runtimes.ts";
import { zipJava } from "../../test/support/java.ts";
import type { BenchLanguage } from "./language.ts";

const SOURCE = `package bench;

import com.huawei.services.runtime.Context;
import com.huawei.services.runtime.entity.apig.APIGTriggerEvent;
import com.huawei.services.runtime.entity.apig.APIGTriggerResponse;

public class Echo {
  public APIGTriggerResponse handler(APIGTriggerEvent event, Context context) {
    APIGTriggerResponse response = new APIGTriggerResponse();
    response.addHeader("Content-Type", "application/json");
    response.setBody(event.getRawBody());
    return response;
  }
}
`;

let packed: Promise<Buffer> | undefined;

export const java: BenchLanguage = {
  family: "java",
  name: "Java",
  handler: "bench.Echo.handler",
  goalMs: { spawned: 118, pooled: 15 },
  code: async () => ({
    type: CodeType.Zip,
    file: await (packed ??= zipJava({ "bench/Echo.java": SOURCE })),
    filename: "echo.zip",
  }),
};
