/** Whether a badge may charge, and by which rule: one pure decision. OCPP 1.6 §4.1, §4.8, §7.2. */
import { type Badge, type BadgePlace, inScope } from "./badge.ts";
import { expiryWallMs } from "./badge-expiry.ts";

/** `open`: every badge that nothing speaks against; `list`: those of the site's list; `flow`: a flow says, and without an answer the list. */
export type AuthorizationMode = "open" | "list" | "flow";

/** `authorize`: a badge is shown; `start`: charging began with it; `stop`: charging ended with it. */
export type AuthorizationReason = "authorize" | "start" | "stop";

/** OCPP 1.6 §7.2. */
export type AuthorizationStatus = "Accepted" | "Blocked" | "Expired" | "Invalid" | "ConcurrentTx";

/**
 * The rule that decided. `open`: anyone may charge here; `listed`: the list allows it; `unknown`: the list has it not; `blocked`, `expired`;
 * `admin`: it never charges; `elsewhere`: it may charge in other places only; `concurrent`: it charges already; `remote`: the charge was
 * started from here; `flow`: a flow said so; `backEnd`: the back end that bills said so, `backEndEarlier`: before, and it does not answer now,
 * `backEndSilent`: it must accept too, and has never said anything of it; `learnt`: it was just added by learn mode; `notServed`: the charge
 * point is not in service; `reserved`: the connector is kept for another badge.
 */
export type AuthorizationRule =
  | "open"
  | "listed"
  | "unknown"
  | "blocked"
  | "expired"
  | "admin"
  | "elsewhere"
  | "concurrent"
  | "remote"
  | "flow"
  | "backEnd"
  | "backEndEarlier"
  | "backEndSilent"
  | "learnt"
  | "notServed"
  | "reserved";

/** A flow's answer, checked. */
export interface FlowAnswer {
  status: AuthorizationStatus;
  parentIdTag: string | null;
  expiresWallMs: number | null;
}

/**
 * Of a back end that bills and has a say. `cloudFirst`: it decides, and our list without its word; `localFirst`: our list decides about
 * the badges that it has, the back end about all others; `both`: both must accept.
 */
export type BackEndPolicy = "cloudFirst" | "localFirst" | "both";

/** What a back end says of a badge. */
export interface BackEndWord extends FlowAnswer {
  /** It does not answer now, and has said so before. */
  isEarlier: boolean;
}

export interface AuthorizationFacts {
  mode: AuthorizationMode;
  reason: AuthorizationReason;
  /** The charge point is in service. */
  served: boolean;
  /** What the list says of it; null = it has it not. */
  badge: Badge | null;
  place: BadgePlace;
  nowWallMs: number;
  /** Of the site, in which a badge's last day ends; empty = that of this machine. */
  timeZone: string;
  /** Charges of this badge that began before at other connectors and still run. */
  runningElsewhere: number;
  /** This charge point was told from here to start a charge with it. */
  startedFromHere: boolean;
  /** The connector is kept for another badge. */
  reserved?: boolean;
  /** null = not asked, or no answer in time. */
  flow: FlowAnswer | null;
  /** The back end that bills and has a say, without a word where it was not asked or there is none; null = none has a say. */
  backEnd: { policy: BackEndPolicy; word: BackEndWord | null } | null;
}

export interface AuthorizationRuling {
  status: AuthorizationStatus;
  rule: AuthorizationRule;
  parentIdTag: string | null;
  /** End of the badge itself; null = none. */
  expiresWallMs: number | null;
}

type BackEndFacts = NonNullable<AuthorizationFacts["backEnd"]>;
type Rule = (status: AuthorizationStatus, rule: AuthorizationRule) => AuthorizationRuling;

/**
 * The answer to a badge. An admin badge never charges, whoever else would let it, and none does where the connector is kept for another. A back end that has a say comes before the central
 * system's own rule, but a badge that the list blocks stays blocked. A flow's word holds before the list's. ConcurrentTx is only for a
 * start: a badge that charges is shown again to end its charge.
 */
export function authorize(facts: AuthorizationFacts): AuthorizationRuling {
  const { mode, badge, flow, timeZone } = facts;
  const ruling: Rule = (status, rule) => ({
    status,
    rule,
    parentIdTag: badge?.parentIdTag ?? null,
    expiresWallMs: expiryWallMs(badge?.expiryDate ?? null, timeZone),
  });
  if (!facts.served) return ruling("Invalid", "notServed");
  if (badge?.type === "admin") return ruling("Invalid", "admin");
  // The charge that ends had its right when it began.
  if (facts.reserved && facts.reason !== "stop") return ruling("Invalid", "reserved");
  if (facts.backEnd) return withBackEnd(facts, facts.backEnd, ruling);
  if (flow) {
    const { status, parentIdTag, expiresWallMs } = flow;
    return { status, rule: "flow", parentIdTag: parentIdTag ?? badge?.parentIdTag ?? null, expiresWallMs };
  }
  if (badge?.blocked) return ruling("Blocked", "blocked");
  if (mode === "open") return { ...ruling("Accepted", "open"), expiresWallMs: null };
  return byList(facts, ruling);
}

/** Whether the word of a back end is needed: a badge that our list decides about alone is not shown to it. */
export function needsBackEnd(facts: AuthorizationFacts): boolean {
  const { backEnd, badge, served, startedFromHere, reserved } = facts;
  if (!backEnd || !served || startedFromHere || reserved || badge?.type === "admin" || badge?.blocked) return false;
  if (backEnd.policy === "localFirst") return badge === null;
  return (
    backEnd.policy === "cloudFirst" ||
    authorize({ ...facts, backEnd: null, flow: null, mode: "list" }).status === "Accepted"
  );
}

function withBackEnd(facts: AuthorizationFacts, { policy, word }: BackEndFacts, ruling: Rule): AuthorizationRuling {
  const { badge, startedFromHere } = facts;
  if (badge?.blocked) return ruling("Blocked", "blocked");
  if (startedFromHere) return ruling("Accepted", "remote");
  const own = byList(facts, ruling);
  if (policy === "both" && own.status !== "Accepted") return own;
  if (policy === "localFirst" && badge) return own;
  if (word) {
    const parentIdTag = word.parentIdTag ?? badge?.parentIdTag ?? null;
    const { status, expiresWallMs } = word;
    return { status, rule: word.isEarlier ? "backEndEarlier" : "backEnd", parentIdTag, expiresWallMs };
  }
  return policy === "both" ? ruling("Invalid", "backEndSilent") : own;
}

function byList(facts: AuthorizationFacts, ruling: Rule): AuthorizationRuling {
  const { badge, reason, place, nowWallMs, runningElsewhere, startedFromHere, timeZone } = facts;
  if (!badge) return startedFromHere ? ruling("Accepted", "remote") : ruling("Invalid", "unknown");
  const endsWallMs = expiryWallMs(badge.expiryDate, timeZone);
  if (endsWallMs !== null && endsWallMs <= nowWallMs) return ruling("Expired", "expired");
  // The charge that ends had its right when it began.
  if (reason !== "stop" && !inScope(badge, place)) return ruling("Invalid", "elsewhere");
  if (reason === "start" && badge.maxConcurrent !== null && runningElsewhere >= badge.maxConcurrent)
    return ruling("ConcurrentTx", "concurrent");
  return ruling("Accepted", "listed");
}
