import type { LimitView } from "../../lib/profile/types.ts";
import { type LineKey, line } from "../../lib/words/status-lines.ts";
import type { Language } from "../../lib/words/types.ts";
import type { Mood } from "./status.ts";

const VERIFIED: Record<LimitView["verified"], LineKey> = {
  measured: "measured",
  composite: "composite",
  no: "unverified",
};

/** The connectors a node limits in one line: what is asked, sent, in force and verified, and until when; what is wrong goes first. */
export function limitStatus(views: readonly LimitView[], language: Language = "en-US"): { mood: Mood; text: string } {
  const wrong = views.filter((view) => complaint(view) !== null);
  const [first] = wrong;
  if (first) {
    const which = `${first.chargePoint}/${first.connector}`;
    const values = { wrong: wrong.length, n: views.length, which, why: line(complaint(first)!, language) };
    return { mood: "degraded", text: line("notConfirmed", language, values) };
  }
  const [only] = views;
  return { mood: "good", text: views.length === 1 && only ? ofOne(only, language) : ofMany(views, language) };
}

function complaint({ status, trouble }: LimitView): LineKey | null {
  if (trouble !== null && trouble !== "zero") return trouble;
  return status === "accepted" || status === "unchanged" ? null : status;
}

function ofOne({ requestedA, sentA, acceptedA, verified, leaseUntil }: LimitView, language: Language): string {
  if (acceptedA === null) return line("connectors.one", language);
  const asked = requestedA === null ? line("released", language) : line("asked", language, { amps: requestedA });
  const sent = sentA === null || sentA === requestedA ? "" : `, ${line("sentA", language, { amps: sentA })}`;
  return `${acceptedA} A${until(leaseUntil, language)}, ${line(VERIFIED[verified], language)}; ${asked}${sent}`;
}

function ofMany(views: readonly LimitView[], language: Language): string {
  const verified = views.filter((view) => view.verified !== "no").length;
  const first = views
    .map(({ leaseUntil }) => leaseUntil)
    .filter((at) => at !== null)
    .sort()[0];
  return `${line("connectors", language, { n: views.length, verified })}${until(first ?? null, language)}`;
}

/** In the time of the place. */
function until(leaseUntil: string | null, language: Language): string {
  if (leaseUntil === null) return "";
  return ` ${line("until", language, { time: new Date(leaseUntil).toLocaleTimeString("en-GB") })}`;
}
