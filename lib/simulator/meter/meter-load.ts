import { type ErrorCode, EvError } from "../../errors.ts";
import { type Triple, triple } from "../../units.ts";

/** A point of a day curve: at this time of day (local, `HH:MM`) the load is this, A per phase. */
export interface CurvePoint {
  at: string;
  loadA: Triple;
}

/** A load that is constant (A per phase, negative = feeding in) or follows the day, straight between points, across midnight too. */
export type Load = Triple | CurvePoint[];

const DAY_MINUTES = 24 * 60;
const MAX_A = 6300;

/** The load at a moment, A per phase. @param dayMinutes how long the day of a curve lasts; 1440 = as long as a real one */
export function loadAt(load: Load, wallMs: number, dayMinutes = DAY_MINUTES): Triple {
  if (isConstant(load)) return [...load];
  const now = new Date(wallMs);
  const realMinute = now.getHours() * 60 + now.getMinutes() + now.getSeconds() / 60 + now.getMilliseconds() / 60_000;
  const minute = ((realMinute * DAY_MINUTES) / dayMinutes) % DAY_MINUTES;
  const points = load
    .map(({ at, loadA }) => ({ minute: minuteOf(at) as number, loadA }))
    .sort((a, b) => a.minute - b.minute);
  const after = points.find((point) => point.minute > minute) ?? points[0];
  const before = points.findLast((point) => point.minute <= minute) ?? points.at(-1);
  if (!before || !after) return [0, 0, 0];
  const span = (after.minute - before.minute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const part = ((minute - before.minute + DAY_MINUTES) % DAY_MINUTES) / span;
  const between = (phase: 0 | 1 | 2): number => before.loadA[phase] + part * (after.loadA[phase] - before.loadA[phase]);
  return [between(0), between(1), between(2)];
}

/**
 * Reads a load as a person or a flow gives it: a number for all phases, three numbers, or points `[{at: "HH:MM", loadA}]`.
 * @throws EvError with the code given, naming the field
 */
export function parseLoad(value: unknown, field: string, code: ErrorCode): Load {
  if (!Array.isArray(value) || value.length === 0 || typeof value[0] !== "object") return parseAmps(value, field, code);
  return value.map((point: unknown, index) => {
    const path = `${field}[${index}]`;
    const { at, loadA } = (point ?? {}) as Record<string, unknown>;
    if (typeof at !== "string" || minuteOf(at) === null) throw wrong(`${path}.at`, at, "a time of day HH:MM", code);
    return { at, loadA: parseAmps(loadA, `${path}.loadA`, code) };
  });
}

function parseAmps(value: unknown, field: string, code: ErrorCode): Triple {
  const amps = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (isAmps(amps)) return triple(amps);
  if (Array.isArray(amps) && amps.length === 3) {
    const items = amps.map((item: unknown) => (typeof item === "string" && item.trim() !== "" ? Number(item) : item));
    if (items.every(isAmps)) return triple(items);
  }
  throw wrong(field, value, `one number or three (L1, L2, L3), A from -${MAX_A} to ${MAX_A}`, code);
}

function isAmps(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= MAX_A;
}

function isConstant(load: Load): load is Triple {
  return typeof load[0] === "number";
}

function minuteOf(at: string): number | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at.trim());
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function wrong(field: string, found: unknown, mustBe: string, code: ErrorCode): EvError {
  return new EvError(code, `${field} is ${JSON.stringify(found) ?? "empty"}; it must be ${mustBe}`);
}
