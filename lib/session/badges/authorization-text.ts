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
  /** Who was asked and did not answer; null = whoever was asked answered. */
  silent: "flow" | "backEnd" | null;
  /** The back end that has a say, as people call it; empty = none. */
  backEnd: string;
  /** What is kept for another badge, and until when; absent or null = nothing. */
  reserved?: { place: string; until: string } | null;
  /** The charge that keeps it from another; null = none. */
  chargesAt: string | null;
  /** Of the site; empty = that of this machine. */
  timeZone: string;
}

/** The sentence for the trace, with what to do where a person would want to know. */
export function authorizationText(told: Told, language: Language = "en-US"): string {
  const { ruling, meant, chargesAt, silent, backEnd, timeZone, reserved = null } = told;
  const values = {
    name: nameOf(meant, told.idTag, language),
    time: reserved?.until ?? expiryText(meant.badge?.expiryDate ?? null, timeZone),
    status: ruling.status,
    place: reserved?.place ?? chargesAt ?? "",
    backEnd,
  };
  const isElsewhere = ruling.rule === "concurrent" && chargesAt !== null;
  const said = sentence(language, `badge.${isElsewhere ? "chargesAt" : ruling.rule}`, values);
  const text = ruling.rule === "unknown" ? withHint(said, meant, language) : said;
  if (silent === null || ruling.rule === "backEndSilent") return text;
  return sentence(language, silent === "flow" ? "badge.flowSilent" : "badge.backEndNoAnswer", { text, backEnd });
}

/** What becomes of a charge whose badge was refused after it had begun. */
export type LateOutcome = "limit0" | "stop" | "continue";

const LATE = { limit0: "badge.lateLimit0", stop: "badge.lateStop", continue: "badge.lateContinue" } as const;

/** That a back end refused the badge of a charge that runs, and what becomes of the charge. */
export function lateText({ meant, idTag, backEnd, status, outcome }: Late, language: Language = "en-US"): string {
  const name = nameOf(meant, idTag, language);
  return sentence(language, LATE[outcome], { name, backEnd, status });
}

interface Late {
  meant: Meant;
  idTag: string;
  backEnd: string;
  status: string;
  outcome: LateOutcome;
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
