import { allowedA, disobeys, overSince } from "../../over-limit.ts";
import { DISOBEYS_MS, FOLLOWED_SLOWLY_MS, LAPSES, RECOVERED_MS, TELLING_A } from "../../thresholds.ts";

/** What to try, miss by miss; after the last one the charger counts as not obeying. */
const REMEDIES = ["resend", "otherWay", "otherWay", "reinstall"] as const;

/** `resend`: the same once more. `otherWay`: another purpose or stack level. `reinstall`: clear what is ours and write all anew. */
export type Remedy = (typeof REMEDIES)[number];

/** What to try after so many misses; null = everything was tried. */
export function remedyFor(misses: number): Remedy | null {
  return REMEDIES[misses] ?? null;
}

/** What is remembered of one connector's compliance. */
export interface Compliance {
  /** Time of the first sample in a row that was above the limit. */
  overSinceMs: number | null;
  /** Remedies tried since it kept to its limit for a while. */
  misses: number;
  /** When it last ceased to obey, oldest first. */
  lapsesAtMs: readonly number[];
  /** Samples count from then on: the charger had its time to follow. */
  countsFromMs: number;
  nonCompliant: boolean;
  /** The most it drew above a limit since it last obeyed, A per phase. */
  worstA: number;
  /** Time of the first sample in a row that keeps to the limit with a car that wants current; null while it does not. */
  keepsSinceMs: number | null;
}

/** One look at a connector that has accepted a limit. */
export interface ComplianceFacts {
  nowMs: number;
  limitA: number;
  /** Largest terminal current of the newest sample; null without one. */
  drawA: number | null;
  drawAtMs: number;
  /** A car is connected and would charge. */
  wanted: boolean;
  /** Time a charger of this model may take to follow. */
  settleMs: number;
}

/** What a look led to. */
export interface ComplianceStep {
  next: Compliance;
  /** Something to do about it; null = nothing. */
  remedy: Remedy | null;
  /** The sample shows that the limit is kept (`proven`: by a car that would take more, or by a car that was stopped). */
  kept: "no" | "quiet" | "proven";
}

/** Nothing seen yet. */
export function trusting(countsFromMs: number): Compliance {
  const kept = { overSinceMs: null, misses: 0, nonCompliant: false, worstA: 0, keepsSinceMs: null };
  return { ...kept, lapsesAtMs: [], countsFromMs };
}

/** A lower limit was accepted, or the same one in another variant: samples from before and just after say nothing of it. */
export function limitChanged(before: Compliance, nowMs: number, settleMs: number): Compliance {
  return { ...before, countsFromMs: nowMs + settleMs };
}

/** Follows one connector. Only samples that are late enough count, so that a charger that reports seldom is not wronged. */
export function followCompliance(before: Compliance, sight: ComplianceFacts): ComplianceStep {
  const { nowMs, drawA, drawAtMs, limitA } = sight;
  if (drawA === null || drawAtMs < before.countsFromMs) return { next: before, remedy: null, kept: "no" };
  const overSinceMs = overSince(before.overSinceMs, drawA, allowedA(limitA), drawAtMs, true);
  if (overSinceMs === null) return keeping(before, sight, drawA);
  const next = { ...before, overSinceMs, keepsSinceMs: null, worstA: Math.max(before.worstA, drawA) };
  const waitMs = before.misses === 0 ? DISOBEYS_MS : FOLLOWED_SLOWLY_MS;
  if (before.nonCompliant || !disobeys(overSinceMs, nowMs, waitMs)) return { next, remedy: null, kept: "no" };
  const lapsesAtMs = before.misses === 0 ? [...recent(before, nowMs), nowMs] : before.lapsesAtMs;
  const remedy = lapsesAtMs.length > LAPSES.most ? null : remedyFor(before.misses);
  if (remedy === null) return { next: { ...next, lapsesAtMs, nonCompliant: true }, remedy, kept: "no" };
  const countsFromMs = nowMs + Math.max(FOLLOWED_SLOWLY_MS, sight.settleMs);
  return { next: { ...next, lapsesAtMs, misses: before.misses + 1, countsFromMs }, remedy, kept: "no" };
}

function recent({ lapsesAtMs }: Compliance, nowMs: number): readonly number[] {
  return lapsesAtMs.filter((atMs) => nowMs - atMs < LAPSES.withinMs);
}

function keeping(before: Compliance, sight: ComplianceFacts, drawA: number): ComplianceStep {
  const { nowMs, drawAtMs, limitA, wanted } = sight;
  const proven = limitA === 0 ? wanted : drawA >= Math.min(TELLING_A, limitA);
  const keepsSinceMs = wanted ? (before.keepsSinceMs ?? drawAtMs) : null;
  const next = { ...before, overSinceMs: null, keepsSinceMs };
  const kept = proven ? "proven" : "quiet";
  const lapsesAtMs = recent(before, nowMs);
  const trustMs = lapsesAtMs.length > LAPSES.most ? LAPSES.withinMs : RECOVERED_MS;
  const recovered = keepsSinceMs !== null && drawAtMs - keepsSinceMs >= trustMs;
  if (!recovered || (!proven && !before.nonCompliant)) return { next, remedy: null, kept };
  return { next: { ...trusting(before.countsFromMs), lapsesAtMs, keepsSinceMs }, remedy: null, kept };
}
