import * as fg from "fungraph";

const report = new fg.Function("report", {
  description: "Summarises a web server's access log.",
  runtime: fg.Runtime.Python312,
  handler: "index.handler",
  code: "./functions/report",
  memoryMb: 256,
  timeoutSeconds: 30,
  initializer: { handler: "index.initialize", timeoutSeconds: 5 },
  environment: { LOG_FILE: "access.log" },
});

report.onTimer("hourly", { every: "1h", userEvent: JSON.stringify({ section: "summary" }) });

export const functionUrn = report.functionUrn;
