import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

/** Where the parts of a .NET assembly stand (ECMA-335, II.24 and II.25). */
const PE_AT = 0x3c;
const TIME = 8;
const OPTIONAL_HEADER = 24;
const SECTION_BYTES = 40;
const PE32_PLUS = 0x20b;
/** From the optional header to the entry of the runtime's own header. */
const CLI_ENTRY = { pe32: 96 + 14 * 8, pe32plus: 112 + 14 * 8 };
const GUID_BYTES = 16;

/**
 * Makes an assembly the same bytes whenever the same sources are compiled: compilers put the time and a number by chance into it. The time
 * becomes none, the number (its MVID) a hash of the rest.
 */
export function settleAssembly(file: string): void {
  const bytes = readFileSync(file);
  const pe = bytes.readUInt32LE(PE_AT);
  const mvid = guidsAt(bytes, pe);
  bytes.writeUInt32LE(0, pe + TIME);
  bytes.fill(0, mvid, mvid + GUID_BYTES);
  createHash("sha256").update(bytes).digest().copy(bytes, mvid, 0, GUID_BYTES);
  writeFileSync(file, bytes);
}

/** Offset of the heap of GUIDs, whose first is the module's. */
function guidsAt(bytes: Buffer, pe: number): number {
  const optional = pe + OPTIONAL_HEADER;
  const entry = bytes.readUInt16LE(optional) === PE32_PLUS ? CLI_ENTRY.pe32plus : CLI_ENTRY.pe32;
  const cli = offsetOf(bytes, pe, bytes.readUInt32LE(optional + entry));
  const metadata = offsetOf(bytes, pe, bytes.readUInt32LE(cli + 8));
  let stream = metadata + 16 + bytes.readUInt32LE(metadata + 12);
  const count = bytes.readUInt16LE(stream + 2);
  stream += 4;
  for (let index = 0; index < count; index++) {
    const end = bytes.indexOf(0, stream + 8);
    const name = bytes.toString("latin1", stream + 8, end);
    if (name === "#GUID") return metadata + bytes.readUInt32LE(stream);
    // Names are filled up with zeros to a multiple of four.
    stream += 8 + 4 * (Math.trunc(name.length / 4) + 1);
  }
  throw new Error("an assembly without GUIDs");
}

/** Where in the file an address of the loaded module is. */
function offsetOf(bytes: Buffer, pe: number, address: number): number {
  const sections = pe + OPTIONAL_HEADER + bytes.readUInt16LE(pe + 20);
  for (let index = 0; index < bytes.readUInt16LE(pe + 6); index++) {
    const section = sections + index * SECTION_BYTES;
    const begin = bytes.readUInt32LE(section + 12);
    if (address >= begin && address < begin + bytes.readUInt32LE(section + 8))
      return address - begin + bytes.readUInt32LE(section + 20);
  }
  throw new Error("an assembly with an address outside of its sections");
}
