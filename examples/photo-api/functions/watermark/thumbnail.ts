import { createJimp } from "@jimp/core";
import jpeg from "@jimp/js-jpeg";
import { methods as resize } from "@jimp/plugin-resize";

const Jimp = createJimp({ formats: [jpeg], plugins: [resize] });
export type Image = InstanceType<typeof Jimp>;

/** The decoded picture, or undefined when the bytes are no JPEG. */
export async function decodeJpeg(bytes: Buffer): Promise<Image | undefined> {
  const looksLikeJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!looksLikeJpeg) return undefined;
  try {
    return (await Jimp.read(bytes)) as Image;
  } catch {
    return undefined;
  }
}

/** The picture at most `width` pixels wide, its shape kept. */
export function shrink(image: Image, width: number): Image {
  if (image.bitmap.width > width) image.resize({ w: width });
  return image;
}

export async function encodeJpeg(image: Image): Promise<Buffer> {
  return image.getBuffer("image/jpeg", { quality: 88 });
}
