import { isoTime } from "../../clock.ts";
import { shortText } from "../../local-time.ts";
import type { SessionBook, SessionQuery, SessionRecord } from "../../store/books/session-types.ts";
import { round } from "../../units.ts";
import { sentence, sentenceOr } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import { durationS, type SessionNames } from "./session-payload.ts";
import {
  isWanted,
  type ReportChoice,
  type ReportState,
  type SessionReport,
  type SessionReports,
} from "./session-reports.ts";

/** A session as a table of people shows it. */
export interface SessionTableRow {
  id: string;
  number: number;
  chargePoint: string;
  connector: number;
  /** What its connector is called now, else the identity; and where its charge point is. */
  charger: string;
  place: string;
  /** The name of the driver, else the badge, else empty. */
  who: string;
  idTag: string;
  zone: string;
  /** ISO 8601 UTC. */
  start: string;
  /** null while it goes on. */
  end: string | null;
  /** The same on the clock of the place: `12:00` today, `2026-06-01 12:00` before; empty while it goes on. */
  from: string;
  to: string;
  /** Hours and minutes: `2:05`. */
  duration: string;
  energyKWh: number | null;
  /** What part of it did not come from the grid, %. */
  sunPercent: number | null;
  stopReason: string;
  /** The same in words: `unplugged`. */
  ended: string;
  /** What each back end has of it. */
  reports: RowReport[];
}

/** What a back end has of a session, as people read it. */
export interface RowReport {
  backEnd: string;
  state: ReportState;
  /** The same in words, with the back end's own for why it refused it: `refused: unknown tag`. */
  text: string;
}

/** Figures over all that were asked for, those that go on included. */
export interface RowTotals {
  sessions: number;
  /** That go on. */
  open: number;
  energyKWh: number;
  /** Over the sessions of which it is known; null = of none. */
  sunPercent: number | null;
}

export interface RowsAnswer {
  payload: SessionTableRow[];
  totals: RowTotals;
  count: number;
  /** There are older ones. */
  truncated: boolean;
  /** Names of the back ends that sessions are reported to. */
  backEnds: readonly string[];
}

/** The books of back ends, and what is wanted of them. */
export interface RowReports {
  reports: SessionReports;
  report: ReportChoice;
}

const PAGE = 500;

/** The site, as far as rows are written for its people. */
export interface RowPlace {
  timeZone: string;
  language: Language;
  names?: SessionNames;
}

/**
 * The newest sessions, newest first.
 * @param asked with `running`, sessions that began before that time and still run come with them; of the totals they are in `open` alone
 * @throws EvError of the store
 */
export function sessionRows(
  book: SessionBook,
  { query, running = false, most }: { query: SessionQuery; running?: boolean; most: number },
  place: RowPlace,
  nowWallMs: number,
  { reports, report }: RowReports,
): RowsAnswer {
  const { timeZone } = place;
  const sum = new Sum();
  let newest = running ? runningBefore(book, query) : [];
  sum.goOn(newest.length);
  for (let page = book.page(query, null, PAGE); page.length > 0; page = book.page(query, page.at(-1)!, PAGE)) {
    const wanted = report === null ? page : page.filter(({ id }) => isWanted(reports.of(id), report));
    sum.add(wanted);
    newest = [...newest, ...wanted].slice(-most);
    if (page.length < PAGE) break;
  }
  const clock = (wallMs: number) => shortText(wallMs, nowWallMs, timeZone);
  const payload = newest.reverse().map((record) => rowOf(record, clock, place, reports.of(record.id)));
  const totals = sum.totals();
  return { payload, totals, count: payload.length, truncated: totals.sessions > most, backEnds: reports.backEnds };
}

/** Sessions that run and began before the time that is asked about, oldest first. */
function runningBefore(book: SessionBook, { fromWallMs, ...query }: SessionQuery): SessionRecord[] {
  if (fromWallMs === null || query.state === "closed") return [];
  return book.page({ ...query, fromWallMs: null, toWallMs: fromWallMs, state: "open" }, null, PAGE);
}

function rowOf(
  record: SessionRecord,
  clock: (wallMs: number) => string,
  { language, names }: RowPlace,
  reports: readonly SessionReport[],
): SessionTableRow {
  const { id, number, chargePoint, connector, energyWh, pvShare } = record;
  return {
    ...{ id, number, chargePoint, connector },
    charger: names?.connector(chargePoint, connector) ?? chargePoint,
    place: names?.place(chargePoint) ?? "",
    who: record.user || record.comment || record.idTag || "",
    idTag: record.idTag ?? "",
    zone: record.zone ?? "",
    start: isoTime(record.startedWallMs),
    end: record.endedWallMs === null ? null : isoTime(record.endedWallMs),
    from: clock(record.startedWallMs),
    to: record.endedWallMs === null ? "" : clock(record.endedWallMs),
    duration: clockText(durationS(record)),
    energyKWh: energyWh === null ? null : round(energyWh / 1000, 2),
    sunPercent: pvShare === null ? null : Math.round(pvShare * 100),
    stopReason: record.stopReason ?? "",
    ended: sentenceOr(language, `ended.${record.stopReason}`, record.stopReason ?? ""),
    reports: reports.map(({ backEnd, state, reason }) => ({
      ...{ backEnd, state },
      text: sentence(language, `book.${state}`, { why: reason ?? "?" }),
    })),
  };
}

/** Adds up as pages are read. */
class Sum {
  #sessions = 0;
  #open = 0;
  #energyWh = 0;
  #knownWh = 0;
  #sunWh = 0;

  goOn(sessions: number): void {
    this.#open += sessions;
  }

  add(records: readonly SessionRecord[]): void {
    for (const { endedWallMs, energyWh, pvShare } of records) {
      this.#sessions += 1;
      if (endedWallMs === null) this.#open += 1;
      this.#energyWh += energyWh ?? 0;
      if (energyWh === null || pvShare === null) continue;
      this.#knownWh += energyWh;
      this.#sunWh += energyWh * pvShare;
    }
  }

  totals(): RowTotals {
    return {
      sessions: this.#sessions,
      open: this.#open,
      energyKWh: round(this.#energyWh / 1000, 1),
      sunPercent: this.#knownWh > 0 ? Math.round((100 * this.#sunWh) / this.#knownWh) : null,
    };
  }
}

function clockText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
