/** Why a badge was let in or refused, in one sentence. Pure. */
import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import type { AuthorizationRuling } from "./authorize.ts";
import { expiryText } from "./badge-expiry.ts";
import type { Meant } from "./badge-settings.ts";

interface Told {
  ruling: AuthorizationRuling;
  meant: Meant;
  /** As it was sent. */
  idTag: string;
  /** A flow was asked and did not answer. */
  flowSilent: boolean;
  /** The charge that keeps it from another; null = none. */
  chargesAt: string | null;
  /** Of the site; empty = that of this machine. */
  timeZone: string;
}

/** The sentence for the trace, with what to do where a person would want to know. */
export function authorizationText(told: Told, language: Language = "en-US"): string {
  const { ruling, meant, chargesAt, flowSilent, timeZone } = told;
  const values = {
    name: nameOf(meant, told.idTag, language),
    time: expiryText(meant.badge?.expiryDate ?? null, timeZone),
    status: ruling.status,
    place: chargesAt ?? "",
  };
  const isElsewhere = ruling.rule === "concurrent" && chargesAt !== null;
  const said = sentence(language, `badge.${isElsewhere ? "chargesAt" : ruling.rule}`, values);
  const text = ruling.rule === "unknown" ? withHint(said, meant, language) : said;
  return flowSilent ? sentence(language, "badge.flowSilent", { text }) : text;
}

/** What an admin badge did, in one sentence. */
export function endText(
  { idTag, comment, transactionId, place, outcome }: Ended,
  language: Language = "en-US",
): string {
  const name = named(sentence(language, "badge.adminBadge", { idTag: idTag.slice(0, 40) }), comment);
  return sentence(language, "badge.ends", { name, transaction: transactionId, place, outcome });
}

interface Ended {
  idTag: string;
  comment: string;
  transactionId: string;
  /** `CP1/1`. */
  place: string;
  outcome: string;
}

function nameOf({ badge, mapped, reversed }: Meant, sent: string, language: Language): string {
  const shown =
    sent.trim() === ""
      ? sentence(language, "badge.noBadge")
      : sentence(language, "badge.badge", { idTag: sent.slice(0, 40) });
  const other = badge && (mapped || reversed);
  const meant = other
    ? `, ${sentence(language, reversed ? "badge.otherOrder" : "badge.takenFor", { idTag: badge.idTag })}`
    : "";
  return named(`${shown}${meant}`, badge?.comment ?? "");
}

const named = (name: string, comment: string): string => (comment ? `${name} (${comment})` : name);

function withHint(text: string, { idTag, mapped, wouldReverse }: Meant, language: Language): string {
  if (wouldReverse) return sentence(language, "badge.wouldReverse", { text });
  return mapped ? sentence(language, "badge.standsFor", { text, idTag }) : text;
}
