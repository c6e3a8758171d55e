import { z } from "zod";
import { checkFileSystem, type FileSystemSpec } from "../model/file-system.ts";
import { facilityLogic } from "./facility.ts";

const NfsExport = z
  .strictObject({
    server: z.string().describe("Name or address of the server."),
    path: z.string().describe("Absolute path that it exports."),
  })
  .meta({ id: "NfsExport", description: "What an NFS server exports." });

/** Files that functions share. */
export const fileSystemLogic = facilityLogic<FileSystemSpec>({
  about: "Files that functions share: a folder that the platform keeps, or an export of an NFS server.",
  schema: {
    inputs: z.strictObject({
      name: z.string().describe("Name of the file system."),
      nfs: NfsExport.optional().describe("Export of an NFS server; never changes."),
    }),
    outputs: z.object({ fileSystemId: z.string().describe("Id of the file system.") }),
  },
  standIns: { name: "files" },
  differ: { inputs: ["name", "nfs"], replace: ["nfs"], identity: ["name"] },
  faults: checkFileSystem,
  calls: (client) => client.fileSystems,
  id: "fileSystemId",
});
