import { legalLimitA, type Rating, safeCurrentA } from "./target.ts";
import type { LimitRequest, Setpoint } from "./types.ts";

/** Time stamps in messages are whole milliseconds. */
const STAMP_MS = 2;

/** What a legal limit lies less above what was asked for comes from rounding, A. */
const ROUNDING_A = 1e-3;

/** What a connector is to be commanded, and until when that may be raised or renewed. */
export interface EffectiveLimit {
  limitA: number;
  /** The limit is above what was asked for, because this charge point refuses 0 A. */
  raised: boolean;
  /** Monotonic; Infinity for a limit that is no setpoint. */
  freshUntilMs: number;
}

/** What a connector was told. */
export type GivenLimit = Pick<EffectiveLimit, "limitA" | "raised">;

export interface EffectiveLimitInput {
  wanted: LimitRequest & { atMs: number };
  setpoint: Setpoint | null;
  /** The connector hangs on a zone, or an allocator has spoken of it. */
  inZone: boolean;
  /** Since when allocations are meant for it; null while it is reserved instead. */
  commandableSinceMs: number | null;
  target: Rating;
  /** The last command; null before the first. */
  previous: GivenLimit | null;
  /** What is reserved for it. */
  inForceA: number;
}

/**
 * The limit to be in force. In a zone it is never above the allocator's setpoint, and above the safe current only if there is one.
 * An allocation from while the connector was offline or in doubt reserves, it does not command: until a newer setpoint comes the
 * previous command stands where its reservation covers it. null: nothing can be commanded now.
 */
export function rule(input: EffectiveLimitInput): EffectiveLimit | null {
  const { wanted, setpoint, inZone, target, previous, inForceA } = input;
  const safeA = safeCurrentA(target);
  const wishA = wanted.limitA ?? safeA;
  if (!inZone && wanted.zone === null) {
    return { ...legal(wishA, target), freshUntilMs: Number.POSITIVE_INFINITY };
  }
  const sinceMs = input.commandableSinceMs ?? Number.POSITIVE_INFINITY;
  const isMeant = (atMs: number): boolean => atMs >= sinceMs - STAMP_MS;
  const freshUntilMs = allocatedAtMs(input) + (2 * (setpoint?.cycleS ?? wanted.cycleS ?? 5) + 5) * 1000;
  const capA = inZone ? (setpoint?.limitA ?? safeA) : Number.POSITIVE_INFINITY;
  const wishMeant = wanted.zone === null || isMeant(wanted.atMs);
  if (setpoint ? isMeant(setpoint.atMs) : wishMeant && sinceMs < Number.POSITIVE_INFINITY) {
    return { ...legal(wishMeant ? Math.min(wishA, capA) : capA, target), freshUntilMs };
  }
  return previous !== null && previous.limitA <= inForceA ? { ...previous, freshUntilMs } : null;
}

function legal(askedA: number, target: Rating): GivenLimit {
  const limitA = legalLimitA(askedA, target);
  return { limitA, raised: limitA > askedA + ROUNDING_A };
}

function allocatedAtMs({ wanted, setpoint }: EffectiveLimitInput): number {
  return Math.max(
    setpoint?.atMs ?? Number.NEGATIVE_INFINITY,
    wanted.zone === null ? Number.NEGATIVE_INFINITY : wanted.atMs,
  );
}
