/** Words that people, relays and bus drivers use for the two states of a contact. */
const CLOSED = ["true", "1", "on", "closed", "close", "high", "yes"];
const OPEN = ["false", "0", "off", "open", "opened", "low", "no"];

/**
 * The state of a dry contact as a message tells it: true = closed, false = open. Takes booleans, 0 and 1, and the usual
 * words in any case; null for anything else, as that leaves the contact unknown.
 */
export function readContact(payload: unknown): boolean | null {
  if (typeof payload === "boolean") return payload;
  if (typeof payload !== "number" && typeof payload !== "string") return null;
  const word = String(payload).trim().toLowerCase();
  if (CLOSED.includes(word)) return true;
  return OPEN.includes(word) ? false : null;
}

/** What stands for a contact that is not known, without being an error: no value, or the words of a driver for it. */
export function saysUnknown(payload: unknown): boolean {
  if (payload === null || payload === undefined) return true;
  return typeof payload === "string" && ["", "unknown", "unavailable", "none"].includes(payload.trim().toLowerCase());
}
