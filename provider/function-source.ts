import { CodeType } from "../model/runtimes.ts";
import type { CodeSource } from "./code-source.ts";

/** An image is all the code there is. */
const IMAGE = { codeType: CodeType.Image, codeSize: 0, codeDigest: "", codeFilename: "", codeArchive: "" };

/** The code of a function, packed for its runtime and its handler. */
export const functionSource: CodeSource = {
  about:
    "The code, relative to the program's folder: a folder, a .zip or .jar file, or a .ts file that is bundled with what it imports. " +
    "What is packed of it fills in the other properties that begin with code.",
  fills: {
    codeType: CodeType.Zip,
    codeSize: 0,
    codeDigest: "",
    codeFilename: "index.zip",
    codeArchive: "",
  },
  needs: ["runtime", "handler"],

  async pack({ root, code }, { image, runtime, handler }) {
    if (code === undefined) return image === undefined ? undefined : IMAGE;
    const { packCode } = await import("../packaging/pack.ts");
    const { keepArchive } = await import("../packaging/archive-folder.ts");
    const asked = { root, code, runtime: runtime as string, handler: handler as string };
    const { archive, digest, size, filename, type } = await packCode(asked);
    const codeArchive = keepArchive(root, digest, archive);
    return { codeType: type, codeSize: size, codeDigest: digest, codeFilename: filename, codeArchive };
  },
};
