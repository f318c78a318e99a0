import { isoTime } from "../clock.ts";
import { shortText } from "../local-time.ts";
import type { ReservationRecord } from "../store/books/reservation-types.ts";
import { sentence, sentenceOr } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import type { CalendarEvent } from "./ics.ts";
import type { ReservationRow } from "./row-types.ts";

/** What rows are worded with. */
export interface RowWords {
  language: Language;
  timeZone: string;
  nowWallMs: number;
  /** May see whose it is. */
  showsWho: boolean;
  called(place: string): string;
  who(idTag: string): string;
}

export function rowOf(one: ReservationRecord, words: RowWords): ReservationRow {
  const { language, timeZone, nowWallMs, showsWho, called, who } = words;
  const { id, ref, target, zone, place, idTag, state } = one;
  const shown = (wallMs: number) => shortText(wallMs, nowWallMs, timeZone);
  return {
    ...{ id, ref: showsWho ? ref : null, target, zone, place },
    where: whereText(one, language, called),
    who: showsWho ? who(idTag) : sentence(language, "reservation.somebody"),
    idTag: showsWho ? idTag : null,
    ...{ from: isoTime(one.fromWallMs), until: isoTime(one.untilWallMs), freeAt: isoTime(one.freeWallMs) },
    ...{ starts: shown(one.fromWallMs), ends: shown(one.untilWallMs), frees: shown(one.freeWallMs) },
    state,
    text: stateText(one, language),
    ...{ by: showsWho ? one.by : "", reason: showsWho ? one.comment : "" },
  };
}

/** The connector, the zone, or the zone and the connector that was chosen. */
export function whereText(
  { target, zone, place }: Pick<ReservationRecord, "target" | "zone" | "place">,
  language: Language,
  called: (place: string) => string,
): string {
  if (target !== null) return called(target);
  const values = { zone: zone ?? "", charger: place === null ? "" : called(place) };
  return place === null
    ? sentence(language, "reservation.anyOf", values)
    : sentence(language, "reservation.oneOf", values);
}

/** What its state means, and what is in its way. */
export function stateText({ state, why }: Pick<ReservationRecord, "state" | "why">, language: Language): string {
  const said = sentence(language, `reservation.${state}`);
  const because = why === null ? "" : sentenceOr(language, `reservation.${why}`, "");
  return because ? `${said}: ${because}` : said;
}

/** An entry of a calendar. */
export function eventOf(row: ReservationRow, siteId: string, stampWallMs: number): CalendarEvent {
  return {
    uid: row.ref ?? `reservation-${row.id}@${siteId}`,
    stampWallMs,
    ...{ fromWallMs: Date.parse(row.from), untilWallMs: Date.parse(row.until) },
    summary: `${row.where}: ${row.who}`,
    location: row.where,
    description: [row.text, row.reason].filter(Boolean).join("\n"),
    isCancelled: row.state === "cancelled" || row.state === "refused" || row.state === "noShow",
  };
}
