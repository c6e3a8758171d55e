import * as fg from "fungraph";

const platform = new fg.Platform("platform", { runtimes: [fg.Runtime.NodeJs20] });

const watermark = new fg.Function("watermark", {
  description: "Makes a watermarked thumbnail of a JPEG.",
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./functions/watermark/index.ts",
  memoryMb: 1024,
  timeoutSeconds: 10,
  environment: { WATERMARK: "FUNGRAPH", THUMBNAIL_WIDTH: "480" },
});

const photo = watermark.onHttp("photo", {
  path: "/photo",
  method: "POST",
  auth: fg.HttpAuth.None,
  timeoutMs: 10_000,
});

export const url = photo.url;
export const endpoint = platform.endpoint;
