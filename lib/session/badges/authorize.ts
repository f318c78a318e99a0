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
 * started from here; `flow`: a flow said so; `learnt`: it was just added by learn mode; `notServed`: the charge point is not in service.
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
  | "learnt"
  | "notServed";

/** A flow's answer, checked. */
export interface FlowAnswer {
  status: AuthorizationStatus;
  parentIdTag: string | null;
  expiresWallMs: number | null;
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
  /** null = not asked, or no answer in time. */
  flow: FlowAnswer | null;
}

export interface AuthorizationRuling {
  status: AuthorizationStatus;
  rule: AuthorizationRule;
  parentIdTag: string | null;
  /** End of the badge itself; null = none. */
  expiresWallMs: number | null;
}

/**
 * The answer to a badge. An admin badge never charges, whoever else would let it. A flow's word holds before the list's. ConcurrentTx
 * is only for a start: a badge that charges is shown again to end its charge.
 */
export function authorize(facts: AuthorizationFacts): AuthorizationRuling {
  const { mode, badge, flow, startedFromHere, timeZone } = facts;
  const ruling = (status: AuthorizationStatus, rule: AuthorizationRule): AuthorizationRuling => ({
    status,
    rule,
    parentIdTag: badge?.parentIdTag ?? null,
    expiresWallMs: expiryWallMs(badge?.expiryDate ?? null, timeZone),
  });
  if (!facts.served) return ruling("Invalid", "notServed");
  if (badge?.type === "admin") return ruling("Invalid", "admin");
  if (flow) {
    const { status, parentIdTag, expiresWallMs } = flow;
    return { status, rule: "flow", parentIdTag: parentIdTag ?? badge?.parentIdTag ?? null, expiresWallMs };
  }
  if (badge?.blocked) return ruling("Blocked", "blocked");
  if (mode === "open") return { ...ruling("Accepted", "open"), expiresWallMs: null };
  if (!badge) return startedFromHere ? ruling("Accepted", "remote") : ruling("Invalid", "unknown");
  return byList(badge, facts, ruling);
}

function byList(
  badge: Badge,
  { reason, place, nowWallMs, runningElsewhere, timeZone }: AuthorizationFacts,
  ruling: (status: AuthorizationStatus, rule: AuthorizationRule) => AuthorizationRuling,
): AuthorizationRuling {
  const endsWallMs = expiryWallMs(badge.expiryDate, timeZone);
  if (endsWallMs !== null && endsWallMs <= nowWallMs) return ruling("Expired", "expired");
  // The charge that ends had its right when it began.
  if (reason !== "stop" && !inScope(badge, place)) return ruling("Invalid", "elsewhere");
  if (reason === "start" && badge.maxConcurrent !== null && runningElsewhere >= badge.maxConcurrent)
    return ruling("ConcurrentTx", "concurrent");
  return ruling("Accepted", "listed");
}
