/** OCPP-J 1.6 §4: the JSON arrays on the wire. Reading is tolerant and never throws; writing is exact. */

/** Sent back as it came: some charge points number their messages instead of naming them. */
export type MessageId = string | number;

export type Frame =
  | { type: "call"; id: MessageId; action: string; payload: unknown }
  | { type: "result"; id: string; payload: unknown }
  | { type: "error"; id: string; code: string; description: string; details: Record<string, unknown> }
  /** Nothing but white space: ignored without a word. */
  | { type: "empty" }
  /** Not a message: dropped. */
  | { type: "unusable"; reason: string };

/** Deeper than any message of OCPP 1.6 and shallow enough for every recursive function that a payload may meet. */
const MAX_DEPTH = 16;

/** Reads one text frame. A payload of `null`, or none, is an empty object. */
export function parseFrame(text: string): Frame {
  const parsed = parseJson(text);
  if (parsed === undefined) {
    return text.trim() === "" ? { type: "empty" } : unusable("is not JSON");
  }
  if (!Array.isArray(parsed)) return unusable("is not a JSON array");
  const type: unknown = parsed[0];
  // OCPP-J §4.1.3: other message types SHALL be ignored.
  if (type !== 2 && type !== 3 && type !== 4) return unusable("has an unknown message type");
  const id: unknown = parsed[1];
  if (typeof id !== "string" && !Number.isFinite(id)) return unusable("has no message id");
  return messageFrame(type, id as MessageId, parsed);
}

function messageFrame(type: 2 | 3 | 4, id: MessageId, parsed: unknown[]): Frame {
  if (type === 2) return callFrame(id, parsed);
  if (type === 3) return { type: "result", id: String(id), payload: parsed[2] ?? {} };
  return errorFrame(String(id), parsed);
}

function callFrame(id: MessageId, parsed: unknown[]): Frame {
  const action: unknown = parsed[2];
  if (typeof action !== "string") return unusable("names no action");
  return { type: "call", id, action, payload: parsed[3] ?? {} };
}

function errorFrame(id: string, parsed: unknown[]): Frame {
  const [, , code, description, details] = parsed;
  return {
    type: "error",
    id,
    code: typeof code === "string" ? code : "GenericError",
    description: typeof description === "string" ? description : "",
    details: isObject(details) && !isTooDeep(details) ? details : {},
  };
}

/** `[2, id, action, payload]` */
export function callText(id: string, action: string, payload: unknown): string {
  return `[2,${JSON.stringify(id)},${JSON.stringify(action)},${JSON.stringify(payload)}]`;
}

/** The payload of a confirmation that has no members. */
export const EMPTY: Readonly<Record<string, never>> = Object.freeze({});

/** `[3, id, payload]` */
export function resultText(id: MessageId, payload: unknown): string {
  return payload === EMPTY ? `[3,${JSON.stringify(id)},{}]` : JSON.stringify([3, id, payload]);
}

/** `[4, id, code, description, {}]`, the description cut at the 255 characters it may have. */
export function errorText(id: MessageId, code: string, description: string, details: object = {}): string {
  return `[4,${JSON.stringify(id)},${JSON.stringify(code)},${JSON.stringify(description.slice(0, 255))},${JSON.stringify(details)}]`;
}

/** A JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * JSON.parse takes any depth; most recursive functions do not. What has passed a schema needs no such check, as each
 * schema of OCPP 1.6 is closed.
 */
export function isTooDeep(value: unknown): boolean {
  return deeperThan(value, MAX_DEPTH);
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => deeperThan(member, levels - 1));
}

function unusable(reason: string): Frame {
  return { type: "unusable", reason };
}

/** Undefined for what is no JSON even with a byte order mark or an outer bracket put right. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseRepaired(text.trim());
  }
}

function parseRepaired(trimmed: string): unknown {
  if (trimmed === "") return undefined;
  const open = trimmed.startsWith("[") ? "" : "[";
  const close = trimmed.endsWith("]") ? "" : "]";
  try {
    return JSON.parse(open + trimmed + close);
  } catch {
    return undefined;
  }
}
