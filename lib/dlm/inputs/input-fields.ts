import { invalid } from "../../errors.ts";

export { invalid } from "../../errors.ts";

/** Readers of single fields of a message. */

export type Fields = Record<string, unknown>;

/** Beyond any current or power of a building: such a value is garbage. */
const LARGEST = 1e9;

/** An object. @throws EvError EV_MESSAGE_INVALID naming the field, as all of these do */
export function fields(value: unknown, field: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(field, "an object", value);
  return value as Fields;
}

/** A number that a building can have, `low` or more. */
export function number(value: unknown, field: string, low = 0): number {
  if (typeof value === "number" && value >= Math.max(low, -LARGEST) && value <= LARGEST) return value;
  throw invalid(field, low === 0 ? "a number, 0 or more" : "a number", value);
}

/** A whole number, 0 or more. */
export function whole(value: unknown, field: string): number {
  if (!Number.isInteger(number(value, field))) throw invalid(field, "a whole number, 0 or more", value);
  return value as number;
}

/** One of the values listed. */
export function choice<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw invalid(field, `one of ${choices.join(", ")}`, value);
  return value as T;
}

/** True or false. */
export function flag(value: unknown, field: string): boolean {
  if (typeof value !== "boolean") throw invalid(field, "true or false", value);
  return value;
}

/** null for what is absent or null, else what `read` makes of it. */
export function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : read(value);
}

/** The text, empty for anything else. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
