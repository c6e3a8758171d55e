import { drawText } from "./text.ts";
import { decodeJpeg, encodeJpeg, shrink } from "./thumbnail.ts";

interface HttpEvent {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

interface Context {
  getUserData(key: string): string | undefined;
  getLogger(): { info(message: string): void; warn(message: string): void };
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** A JPEG in, a watermarked thumbnail out; anything else is told what to send. */
export async function handler(event: HttpEvent, context: Context): Promise<HttpAnswer> {
  const photo = Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
  const image = await decodeJpeg(photo);
  if (image === undefined) {
    context.getLogger().warn(`refused ${String(photo.length)} bytes that are no JPEG`);
    return refuse(
      "The body is not a JPEG. Send one: curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' URL",
    );
  }
  const width = Number(context.getUserData("THUMBNAIL_WIDTH") ?? "480");
  const thumbnail = shrink(image, width);
  drawText(thumbnail.bitmap, context.getUserData("WATERMARK") ?? "FUNGRAPH");
  const jpeg = await encodeJpeg(thumbnail);
  const { width: w, height: h } = thumbnail.bitmap;
  context
    .getLogger()
    .info(
      `${String(photo.length)} bytes became a thumbnail of ${String(w)}x${String(h)}, ${String(jpeg.length)} bytes`,
    );
  return {
    statusCode: 200,
    headers: { "Content-Type": "image/jpeg", "Content-Disposition": 'inline; filename="thumbnail.jpg"' },
    body: jpeg.toString("base64"),
    isBase64Encoded: true,
  };
}

function refuse(message: string): HttpAnswer {
  return {
    statusCode: 400,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ error: message }),
    isBase64Encoded: false,
  };
}
