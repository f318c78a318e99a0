import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { JsonValue } from "../units.ts";

/** Below this a document hardly becomes shorter; above it would hold up what else is done. Characters. */
const LEAST = 500;
const MOST = 500_000;
/** A fifth shorter than the quickest. */
const LEVEL = 6;

/** A document as it is kept where it is written often: what is repetitive takes a tenth of the disk. `unpacked` reads it. */
export function packed(value: JsonValue): JsonValue {
  const text = JSON.stringify(value);
  if (text.length < LEAST || text.length > MOST) return value;
  return { deflated: deflateRawSync(text, { level: LEVEL }).toString("base64") };
}

/** The document again, also one that was never packed; undefined for one that is damaged. */
export function unpacked(kept: JsonValue | undefined): JsonValue | undefined {
  const { deflated } = (typeof kept === "object" && kept !== null ? kept : {}) as { deflated?: unknown };
  if (typeof deflated !== "string") return kept;
  try {
    return JSON.parse(inflateRawSync(Buffer.from(deflated, "base64")).toString("utf8")) as JsonValue;
  } catch {
    return undefined;
  }
}
