import { brotliCompressSync, brotliDecompressSync, inflateRawSync, constants as zlib } from "node:zlib";
import type { JsonValue } from "../units.ts";

/** Below this a document hardly becomes shorter; above it would hold up what else is done. Characters. */
const LEAST = 500;
const MOST = 500_000;
/** A tenth shorter than deflate's best, for as much time. */
const OPTIONS = { params: { [zlib.BROTLI_PARAM_QUALITY]: 5, [zlib.BROTLI_PARAM_MODE]: zlib.BROTLI_MODE_TEXT } };

/** A document as it is kept where it is written often: what is repetitive takes a tenth of the disk. `unpacked` reads it. */
export function packed(value: JsonValue): JsonValue {
  const text = JSON.stringify(value);
  if (text.length < LEAST || text.length > MOST) return value;
  return { brotli: brotliCompressSync(text, OPTIONS).toString("base64") };
}

/** The document again, also one that was never packed or that an earlier release deflated; undefined for one that is damaged. */
export function unpacked(kept: JsonValue | undefined): JsonValue | undefined {
  const { brotli, deflated } = (typeof kept === "object" && kept !== null ? kept : {}) as Record<string, unknown>;
  try {
    if (typeof brotli === "string") return parsed(brotliDecompressSync(Buffer.from(brotli, "base64")));
    if (typeof deflated === "string") return parsed(inflateRawSync(Buffer.from(deflated, "base64")));
    return kept;
  } catch {
    return undefined;
  }
}

const parsed = (json: Buffer): JsonValue => JSON.parse(json.toString("utf8")) as JsonValue;
