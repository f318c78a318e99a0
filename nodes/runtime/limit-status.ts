import type { LimitView } from "../../lib/profile/types.ts";
import { sentence } from "../../lib/words/sentence.ts";
import type { CodeOf, Language } from "../../lib/words/types.ts";
import type { Mood } from "./status.ts";

const VERIFIED: Record<LimitView["verified"], CodeOf<"line">> = {
  measured: "line.measured",
  composite: "line.composite",
  no: "line.unverified",
};

/** The connectors a node limits in one line: what is asked, sent, in force and verified, and until when; what is wrong goes first. */
export function limitStatus(views: readonly LimitView[], language: Language = "en-US"): { mood: Mood; text: string } {
  const wrong = views.filter((view) => complaint(view) !== null);
  const [first] = wrong;
  if (first) {
    const which = `${first.chargePoint}/${first.connector}`;
    const values = { wrong: wrong.length, n: views.length, which, why: sentence(language, complaint(first)!) };
    return { mood: "degraded", text: sentence(language, "line.notConfirmed", values) };
  }
  const [only] = views;
  return { mood: "good", text: views.length === 1 && only ? ofOne(only, language) : ofMany(views, language) };
}

function complaint({ status, trouble }: LimitView): CodeOf<"line"> | null {
  if (trouble !== null && trouble !== "zero") return `line.${trouble}`;
  return status === "accepted" || status === "unchanged" ? null : `line.${status}`;
}

function ofOne({ requestedA, sentA, acceptedA, verified, leaseUntil }: LimitView, language: Language): string {
  if (acceptedA === null) return sentence(language, "line.served", { n: 1 });
  const asked =
    requestedA === null ? sentence(language, "line.released") : sentence(language, "line.asked", { amps: requestedA });
  const sent = sentA === null || sentA === requestedA ? "" : `, ${sentence(language, "line.sentA", { amps: sentA })}`;
  return `${acceptedA} A${until(leaseUntil, language)}, ${sentence(language, VERIFIED[verified])}; ${asked}${sent}`;
}

function ofMany(views: readonly LimitView[], language: Language): string {
  const verified = views.filter((view) => view.verified !== "no").length;
  const first = views
    .map(({ leaseUntil }) => leaseUntil)
    .filter((at) => at !== null)
    .sort()[0];
  return `${sentence(language, "line.connectors", { n: views.length, verified })}${until(first ?? null, language)}`;
}

/** In the time of the place. */
function until(leaseUntil: string | null, language: Language): string {
  if (leaseUntil === null) return "";
  return ` ${sentence(language, "line.until", { time: new Date(leaseUntil).toLocaleTimeString("en-GB") })}`;
}
