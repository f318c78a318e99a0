import { isoTime } from "../clock.ts";
import type { SessionBook, SessionQuery, SessionRecord } from "../store/session-types.ts";
import { round } from "../units.ts";
import { durationS } from "./session-payload.ts";

/** A session as a table of people shows it. */
export interface SessionRow {
  id: string;
  number: number;
  chargePoint: string;
  connector: number;
  /** The name of the driver, else the badge, else empty. */
  who: string;
  idTag: string;
  zone: string;
  /** ISO 8601 UTC. */
  start: string;
  /** null while it goes on. */
  end: string | null;
  /** Hours and minutes: `2:05`. */
  duration: string;
  energyKWh: number | null;
  /** What part of it did not come from the grid, %. */
  sunPercent: number | null;
  stopReason: string;
}

/** Figures over the rows, those that go on included. */
export interface RowTotals {
  sessions: number;
  /** That go on. */
  open: number;
  energyKWh: number;
  /** Over the sessions of which it is known; null = of none. */
  sunPercent: number | null;
}

export interface RowsAnswer {
  payload: SessionRow[];
  totals: RowTotals;
  count: number;
  /** There are older ones. */
  truncated: boolean;
}

const PAGE = 500;

/** The newest sessions, newest first. @throws EvError of the store */
export function sessionRows(book: SessionBook, query: SessionQuery, most: number): RowsAnswer {
  let newest: SessionRecord[] = [];
  let truncated = false;
  for (let page = book.page(query, null, PAGE); page.length > 0; page = book.page(query, page.at(-1)!, PAGE)) {
    const found = [...newest, ...page];
    truncated ||= found.length > most;
    newest = found.slice(-most);
    if (page.length < PAGE) break;
  }
  const payload = newest.reverse().map(rowOf);
  return { payload, totals: totalsOf(newest), count: payload.length, truncated };
}

function rowOf(record: SessionRecord): SessionRow {
  const { id, number, chargePoint, connector, energyWh, pvShare } = record;
  return {
    ...{ id, number, chargePoint, connector },
    who: record.user || record.comment || record.idTag || "",
    idTag: record.idTag ?? "",
    zone: record.zone ?? "",
    start: isoTime(record.startedWallMs),
    end: record.endedWallMs === null ? null : isoTime(record.endedWallMs),
    duration: clockText(durationS(record)),
    energyKWh: energyWh === null ? null : round(energyWh / 1000, 2),
    sunPercent: pvShare === null ? null : Math.round(pvShare * 100),
    stopReason: record.stopReason ?? "",
  };
}

function totalsOf(records: readonly SessionRecord[]): RowTotals {
  const sum = (list: readonly SessionRecord[], of: (record: SessionRecord) => number) =>
    list.reduce((total, record) => total + of(record), 0);
  const known = records.filter(({ pvShare, energyWh }) => pvShare !== null && (energyWh ?? 0) > 0);
  const knownWh = sum(known, ({ energyWh }) => energyWh!);
  const sunWh = sum(known, ({ energyWh, pvShare }) => energyWh! * pvShare!);
  return {
    sessions: records.length,
    open: records.filter(({ endedWallMs }) => endedWallMs === null).length,
    energyKWh: round(sum(records, ({ energyWh }) => energyWh ?? 0) / 1000, 1),
    sunPercent: knownWh > 0 ? Math.round((100 * sunWh) / knownWh) : null,
  };
}

function clockText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
