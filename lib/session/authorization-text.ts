/** Why a badge was let in or refused, in one sentence. Pure. */
import type { AuthorizationRule, Ruling } from "./authorize.ts";
import type { Meant } from "./badge-settings.ts";

interface Told {
  ruling: Ruling;
  meant: Meant;
  /** As it was sent. */
  idTag: string;
  /** A flow was asked and did not answer. */
  flowSilent: boolean;
  /** The charge that keeps it from another; null = none. */
  chargesAt: string | null;
}

/** The sentence for the trace, with what to do where a person would want to know. */
export function authorizationText(told: Told): string {
  return `${told.flowSilent ? "no flow answered within 3 s; " : ""}${SENTENCES[told.ruling.rule](nameOf(told.meant, told.idTag), told)}`;
}

const SENTENCES: Record<AuthorizationRule, (name: string, told: Told) => string> = {
  open: (name) => `${name} may charge: anyone may here`,
  listed: (name) => `${name} may charge: the list has it`,
  unknown: (name, { meant }) => `${name} is not in the list of badges${hintOf(meant)}`,
  blocked: (name) => `${name} is blocked in the list of badges`,
  expired: (name, { ruling }) => `${name} expired at ${new Date(ruling.expiresWallMs ?? 0).toISOString()}`,
  admin: (name) => `${name} is an admin badge: it ends charges and cannot charge`,
  elsewhere: (name) => `${name} may charge in other places only`,
  concurrent: (name, { chargesAt }) => `${name} already charges${chargesAt === null ? "" : ` at ${chargesAt}`}`,
  remote: (name) => `${name} may charge: the charge was started from here`,
  flow: (name, { ruling }) => `a flow answered ${ruling.status} for ${name}`,
  learnt: (name) => `${name} was added to the list by learn mode`,
  notServed: (name) => `${name}: the charge point is not in service`,
};

function nameOf({ badge, mapped, reversed }: Meant, sent: string): string {
  const shown = sent.trim() === "" ? "no badge" : `badge ${sent.slice(0, 40)}`;
  const meant =
    badge && (mapped || reversed) ? `, taken for ${badge.idTag}${reversed ? " (other byte order)" : ""}` : "";
  return `${shown}${meant}${badge?.comment ? ` (${badge.comment})` : ""}`;
}

function hintOf({ idTag, mapped, wouldReverse }: Meant): string {
  if (wouldReverse) return "; it has it with its bytes in the other order, which does not count here";
  return mapped ? `, nor is ${idTag}, which stands for it` : "";
}
