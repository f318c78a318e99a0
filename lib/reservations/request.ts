import { invalid } from "../errors.ts";
import { record, text } from "../fields.ts";
import { localTime, shortText, wallOfLocal } from "../local-time.ts";
import { readTag } from "../session/badges/badge.ts";
import type { ReservationRange } from "../store/books/reservation-types.ts";
import { NO_SHOW_MS } from "./rules.ts";

/** A reservation as it was asked for. Times are ms since 1970. */
export interface ReservationRequest {
  /** The connector (`CP1/1`); null = any of the zone. */
  target: string | null;
  zone: string | null;
  /** In canonical spelling; null = a guest. */
  idTag: string | null;
  fromWallMs: number;
  untilWallMs: number;
  /** Whoever has not come by then does not come. */
  freeWallMs: number;
  /** No beginning was named: it is kept from now on, to its end. */
  isNow: boolean;
  ref: string | null;
}

/** A reservation without an end lasts so long, ms. */
const LASTS_MS = 2 * 3_600_000;
/** Furthest end, and longest time that somebody is waited for, ms. */
const LONGEST_MS = 366 * 86_400_000;
const LONGEST_WAIT_MIN = 24 * 60;
/** A beginning so little ago was meant as now, ms. */
const JUST_NOW_MS = 60_000;

/** @param timeZone of the site @throws EvError EV_MESSAGE_INVALID naming the field */
export function readReservation(payload: unknown, timeZone: string, nowWallMs: number): ReservationRequest {
  const fields = record(payload);
  const place = placeOf(fields);
  const idTag = text(fields["idTag"]);
  const from = readTime(fields["from"], "from", timeZone, { wholeDay: false });
  if (from !== null && (from < nowWallMs - JUST_NOW_MS || from > nowWallMs + LONGEST_MS))
    throw invalid("payload.from", "a time that is to come, within a year", fields["from"], "operationFrom");
  const fromWallMs = Math.max(nowWallMs, from ?? nowWallMs);
  const until = readTime(fields["until"], "until", timeZone, { wholeDay: true });
  const untilWallMs = until ?? fromWallMs + LASTS_MS;
  if (untilWallMs <= nowWallMs || untilWallMs > nowWallMs + LONGEST_MS)
    throw invalid("payload.until", "a day or time that is to come, within a year", fields["until"], "operationUntil");
  if (untilWallMs <= fromWallMs)
    throw invalid("payload.until", "later than payload.from", fields["until"], "operationOrder");
  const waitMs = readWait(fields["noShowMin"]) ?? (from === null ? Number.POSITIVE_INFINITY : NO_SHOW_MS);
  return {
    ...place,
    idTag: idTag === null ? null : readTag(idTag, "payload.idTag"),
    ...{ fromWallMs, untilWallMs, freeWallMs: Math.min(untilWallMs, fromWallMs + waitMs) },
    isNow: from === null,
    ref: text(fields["ref"]),
  };
}

/** Which reservation is meant: by its number, by its `ref`, or by its connector. @throws EvError EV_MESSAGE_INVALID */
export function readCancel(payload: unknown): { id: number | null; ref: string | null; target: string | null } {
  const { reservation, ref, target } = record(payload);
  const id = reservation === undefined || reservation === null || reservation === "" ? null : Number(reservation);
  if (id !== null && !Number.isInteger(id))
    throw invalid("payload.reservation", "the number of a reservation", reservation, "operationCancel");
  return { id, ref: text(ref), target: text(target) };
}

/** Most that are listed at once, and how many without a wish. */
const MOST = 5000;
const USUAL = 1000;

/** Of which time: without a wish from today on, on the clock of the place. @throws EvError EV_MESSAGE_INVALID */
export function readRange(payload: unknown, timeZone: string, nowWallMs: number): ReservationRange {
  const fields = record(payload);
  const { year, month, day } = localTime(nowWallMs, timeZone);
  const from = readTime(fields["from"], "from", timeZone, { wholeDay: false });
  const to = readTime(fields["to"], "to", timeZone, { wholeDay: true });
  const { most = USUAL } = fields;
  if (typeof most !== "number" || !Number.isInteger(most) || most < 1 || most > MOST)
    throw invalid("payload.most", `a whole number from 1 to ${MOST}`, most);
  return {
    fromWallMs: from ?? wallOfLocal({ year, month, day }, timeZone),
    toWallMs: to ?? nowWallMs + LONGEST_MS,
    most,
  };
}

/** As the log has it. */
export function reservationText(request: ReservationRequest, timeZone: string, nowWallMs: number): string {
  const { target, zone, idTag, isNow, fromWallMs, untilWallMs } = request;
  const [from, until] = [fromWallMs, untilWallMs].map((wallMs) => shortText(wallMs, nowWallMs, timeZone));
  const where = target ?? `a connector of ${zone}`;
  const whom = idTag === null ? "a guest" : `badge ${idTag}`;
  return ["reserve", where, `for ${whom}`, !isNow && `from ${from}`, `until ${until}`].filter(Boolean).join(" ");
}

function placeOf(fields: Readonly<Record<string, unknown>>): Pick<ReservationRequest, "target" | "zone"> {
  const [target, zone] = [text(fields["target"]), text(fields["zone"])];
  if (target === null && zone !== null) return { target: null, zone };
  if (target === null || zone !== null || !/^(.+)\/(\d{1,2})$/.test(target))
    throw invalid(
      "payload.target",
      "a connector such as CP1/1, or payload.zone a zone, one of the two",
      fields["target"],
      "operationPlace",
    );
  return { target, zone: null };
}

function readWait(value: unknown): number | null {
  if (value === undefined || value === null || value === "") return null;
  const minutes = Number(value);
  if (!(minutes >= 1 && minutes <= LONGEST_WAIT_MIN))
    throw invalid("payload.noShowMin", `a number of minutes from 1 to ${LONGEST_WAIT_MIN}`, value, "operationWait");
  return minutes * 60_000;
}

/**
 * A time of the place (`2026-06-05T18:00`), a day, or a moment with its zone; null = none is named.
 * @param wholeDay a day means its end, else its beginning @throws EvError EV_MESSAGE_INVALID
 */
function readTime(
  value: unknown,
  field: "from" | "until" | "to",
  timeZone: string,
  { wholeDay }: { wholeDay: boolean },
) {
  if (value === undefined || value === null || value === "") return null;
  const [, year, month, day, hour, minute] =
    /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::\d{2})?)?$/.exec(String(value)) ?? [];
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const wallMs = !year
    ? Date.parse(String(value))
    : hour === undefined
      ? wallOfLocal({ ...date, day: date.day + (wholeDay ? 1 : 0) }, timeZone)
      : wallOfLocal({ ...date, hour: Number(hour), minute: Number(minute) }, timeZone);
  if (Number.isFinite(wallMs)) return wallMs;
  const named = field === "from" ? "operationFrom" : "operationUntil";
  throw invalid(`payload.${field}`, "a day or time such as 2026-06-05T18:00", value, named);
}
