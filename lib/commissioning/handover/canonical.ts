import { createHash } from "node:crypto";
import type { HandoverData } from "./types.ts";

/** Data as JSON text in which the keys of each object stand in the order of the alphabet: the same data are the same text. */
export function canonicalText(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What the hash in the footer of a report is of. */
export const hashOf = (data: HandoverData): string => sha256(canonicalText(data));
