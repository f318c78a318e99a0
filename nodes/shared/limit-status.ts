import type { LimitView } from "../../lib/profile/types.ts";
import type { Mood } from "./status.ts";

const TROUBLE: Record<NonNullable<LimitView["trouble"]>, string> = {
  zero: "refuses 0 A",
  limits: "refuses limits",
  unsupported: "takes no limits",
  unanswered: "does not answer",
  nonCompliant: "does not obey",
  outOfService: "out of service",
};

const VERIFIED: Record<LimitView["verified"], string> = {
  measured: "measured",
  composite: "schedule checked",
  no: "not verified yet",
};

/** The connectors a node limits in one line: what is asked, sent, in force and verified, and until when; what is wrong goes first. */
export function limitStatus(views: readonly LimitView[]): { mood: Mood; text: string } {
  const wrong = views.filter((view) => complaint(view) !== null);
  const [first] = wrong;
  if (first) {
    const text = `${wrong.length} of ${views.length} not confirmed: ${first.chargePoint}/${first.connector} ${complaint(first)}`;
    return { mood: "degraded", text };
  }
  const [only] = views;
  return { mood: "good", text: views.length === 1 && only ? ofOne(only) : ofMany(views) };
}

function complaint({ status, trouble }: LimitView): string | null {
  if (trouble !== null && trouble !== "zero") return TROUBLE[trouble];
  return status === "accepted" || status === "unchanged" ? null : status;
}

function ofOne({ requestedA, sentA, acceptedA, verified, leaseUntil }: LimitView): string {
  if (acceptedA === null) return "1 connector";
  const asked = requestedA === null ? "released" : `${requestedA} A asked`;
  const sent = sentA === null || sentA === requestedA ? "" : `, ${sentA} A sent`;
  return `${acceptedA} A${until(leaseUntil)}, ${VERIFIED[verified]}; ${asked}${sent}`;
}

function ofMany(views: readonly LimitView[]): string {
  const verified = views.filter((view) => view.verified !== "no").length;
  const first = views
    .map(({ leaseUntil }) => leaseUntil)
    .filter((at) => at !== null)
    .sort()[0];
  return `${views.length} connectors, ${verified} verified${until(first ?? null)}`;
}

/** In the time of the place. */
function until(leaseUntil: string | null): string {
  return leaseUntil === null ? "" : ` until ${new Date(leaseUntil).toLocaleTimeString("en-GB")}`;
}
