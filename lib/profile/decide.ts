/** What is to be done about one connector's limit now. */
export type WriteDecision =
  /** `increase` counts against the pace of increases. */
  | { act: "send"; kind: "decrease" | "increase" | "renew" }
  /** Nothing before `untilMs`. */
  | { act: "wait"; untilMs: number; unchanged: boolean }
  /** The allocation is too old to raise or renew anything: the lease runs out. */
  | { act: "hold" };

export interface Situation {
  nowMs: number;
  /** The limit to be in force, as it may be sent. */
  wantedA: number;
  safeA: number;
  /** The limit the charge point accepted last on this connection; null before. `sameVariant`: purpose and transaction still fit. */
  accepted: {
    limitA: number;
    leaseUntilMs: number;
    /** When it is to be renewed, as planned for all charge points together. */
    refreshAtMs: number;
    sameVariant: boolean;
    /** What it may hold instead, because no answer came to a higher limit since; null = nothing of the kind. */
    unansweredA: number | null;
  } | null;
  /** Released limits are not renewed: their tail says the same. */
  released: boolean;
  /** The allocation behind the limit may raise and renew until then; Infinity outside zones. */
  freshUntilMs: number;
  /** Not before this after a failure. */
  retryAtMs: number;
  increases: { count: number; lastAtMs: number };
  minIncreaseMs: number;
  /** Increases that follow a start at once, before the pace applies. */
  freeIncreases: number;
}

/** Decreases at once, increases paced, renewals when due and only from a fresh allocation; a lease that ran out stays out (S2, S6). */
export function decide(situation: Situation): WriteDecision {
  const { nowMs, wantedA, safeA, accepted, freshUntilMs, retryAtMs } = situation;
  const inForceA = accepted && (nowMs < accepted.leaseUntilMs ? accepted.limitA : safeA);
  const fresh = nowMs <= freshUntilMs;
  if (nowMs < retryAtMs) return { act: "wait", untilMs: retryAtMs, unchanged: false };
  const ranOut = accepted !== null && nowMs >= accepted.leaseUntilMs;
  if (!fresh && ranOut) return { act: "hold" };
  if (inForceA !== null && wantedA < Math.max(inForceA, accepted?.unansweredA ?? 0))
    return { act: "send", kind: "decrease" };
  if (!fresh && wantedA > safeA) return { act: "hold" };
  if (inForceA === null) return { act: "send", kind: wantedA > safeA ? "increase" : "renew" };
  if (wantedA > inForceA) return paced(situation);
  return renewal(situation, fresh);
}

function paced({ nowMs, increases, minIncreaseMs, freeIncreases }: Situation): WriteDecision {
  const atMs = increases.count < freeIncreases ? nowMs : increases.lastAtMs + minIncreaseMs;
  return nowMs >= atMs ? { act: "send", kind: "increase" } : { act: "wait", untilMs: atMs, unchanged: false };
}

function renewal({ nowMs, accepted, released }: Situation, fresh: boolean): WriteDecision {
  if (!accepted?.sameVariant) return { act: "send", kind: "renew" };
  const dueMs = released ? Number.POSITIVE_INFINITY : accepted.refreshAtMs;
  if (nowMs < dueMs) return { act: "wait", untilMs: dueMs, unchanged: true };
  return fresh ? { act: "send", kind: "renew" } : { act: "hold" };
}
