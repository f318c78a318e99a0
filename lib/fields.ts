/** The members of an object of any kind; of anything else, none. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** A text in one line of at most 200 characters; null for an empty one and for anything else. */
export function text(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const line = value
    .slice(0, 1000)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
  return line === "" ? null : line.slice(0, 200);
}
