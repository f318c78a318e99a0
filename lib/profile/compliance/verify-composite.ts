import type { StationOrders } from "../../ocpp/orders.ts";
import { OcppCallError } from "../../ocpp/rpc/call-error.ts";
import { END_DOUBT_MS, NOMINAL_V } from "../../thresholds.ts";

/** A limit is confirmed up to this above what was written, A: chargers round. */
const TOLERANCE_A = 0.5;

/** So long beyond the lease the schedule is asked for, s: the tail must show. */
const BEYOND_LEASE_S = 120;

/** What a composite schedule is compared with. */
export interface CompositeExpectation {
  limitA: number;
  /** What the limit's own schedule falls back to; null where it carries no tail. */
  safeA: number | null;
  /** Until the lease ends, s from now. */
  leaseLeftS: number;
  rateUnit: "A" | "W";
  phases: 1 | 2 | 3;
}

/** What a charge point's answer to GetCompositeSchedule says about a limit it has accepted. */
export type CompositeFinding =
  /**
   * No more than the limit is in force. `tail`: the schedule falls back to the safe current; it does not; or it does not say
   * (null). `tailS`: when its last period begins, s from now.
   */
  | { kind: "confirmed"; nowA: number; tail: boolean | null; tailS: number }
  /** Something else is in force: `nowA` per phase. */
  | { kind: "contradicted"; nowA: number }
  /** It does not do composite schedules. */
  | { kind: "unsupported"; how: string }
  /** An answer that says nothing. */
  | { kind: "unclear" };

/** What to ask: never connector 0, which some chargers do not answer (OCPP 1.6 §5.7). */
export function scheduleQuestion(connector: number, leaseS: number, unit: "A" | "W"): StationOrders["readSchedule"] {
  return { connector, durationS: leaseS + BEYOND_LEASE_S, unit };
}

/** Reads an answer, whatever unit it is in and however little of the specification it keeps to. Never throws. */
export function judgeComposite(answer: Record<string, unknown>, expected: CompositeExpectation): CompositeFinding {
  if (answer["status"] === "Rejected") return { kind: "unsupported", how: "GetCompositeSchedule was rejected" };
  const periods = readPeriods(answer["chargingSchedule"], expected);
  const first = periods[0];
  if (answer["status"] !== "Accepted" || !first) return { kind: "unclear" };
  if (first.limitA > expected.limitA + TOLERANCE_A) return { kind: "contradicted", nowA: first.limitA };
  const tailS = periods.at(-1)!.startS;
  return { kind: "confirmed", nowA: first.limitA, tail: tailShown(periods, expected), tailS };
}

/** What a failed call says: a charge point that does not know the message will not learn it. */
export function judgeCompositeError(error: unknown): CompositeFinding {
  if (!(error instanceof OcppCallError)) return { kind: "unclear" };
  if (error.ocppCode !== "NotSupported" && error.ocppCode !== "NotImplemented") return { kind: "unclear" };
  return { kind: "unsupported", how: `GetCompositeSchedule: ${error.ocppCode}` };
}

interface Period {
  startS: number;
  limitA: number;
}

function readPeriods(schedule: unknown, { rateUnit, phases }: CompositeExpectation): Period[] {
  const { chargingRateUnit = rateUnit, chargingSchedulePeriod } = asRecord(schedule);
  if (!Array.isArray(chargingSchedulePeriod)) return [];
  const watts = String(chargingRateUnit).trim().toUpperCase() === "W";
  return chargingSchedulePeriod
    .map((period) => {
      const { startPeriod, limit, numberPhases } = asRecord(period);
      const stated = asNumber(numberPhases);
      const perA = watts ? NOMINAL_V * (stated >= 1 && stated < phases ? stated : phases) : 1;
      return { startS: asNumber(startPeriod), limitA: asNumber(limit) / perA };
    })
    .filter(({ startS, limitA }) => startS >= 0 && limitA >= 0)
    .sort((a, b) => a.startS - b.startS);
}

/** One period that says nothing of later is what some chargers report of any schedule. */
function tailShown(periods: readonly Period[], { limitA, safeA, leaseLeftS }: CompositeExpectation): boolean | null {
  if (safeA === null) return null;
  const last = periods.at(-1)!;
  const fallsBack = last.limitA <= safeA + TOLERANCE_A;
  if (limitA <= safeA) return fallsBack;
  if (periods.length === 1) return fallsBack ? true : null;
  return fallsBack && last.startS <= leaseLeftS + END_DOUBT_MS / 1000;
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** Some charge points send numbers as text. */
const asNumber = (value: unknown): number =>
  typeof value === "number" || (typeof value === "string" && value.trim() !== "") ? Number(value) : Number.NaN;
