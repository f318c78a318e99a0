import { monthStart } from "../../local-time.ts";
import type {
  SessionBook,
  SessionCursor,
  SessionQuery,
  SessionRecord,
  SessionTotals,
} from "../../store/books/session-types.ts";
import { round } from "../../units.ts";
import { csvHead, csvLines } from "./session-csv.ts";
import { type SessionNames, type SessionPayload, sessionPayload } from "./session-payload.ts";
import { isWanted, type SessionReports } from "./session-reports.ts";
import { type ExportOrder, monthName } from "./session-request.ts";

/** Rows that are read and sent in one go. */
const PAGE = 500;

/** Excel takes a text for UTF-8 when it begins with this. */
const BOM = "\ufeff";

/** Beyond, months are not listed one by one: 100 years. */
const MOST_MONTHS = 1200;

/** Lines of a table of totals. */
const MOST_GROUPS = 10_000;

/** Figures over sessions, as messages carry them. Averages are of one session; null where there is none. */
export interface TotalsPayload {
  sessions: number;
  energyWh: number;
  durationS: number;
  chargingS: number;
  waitingS: number;
  limitedS: number;
  /** Part of the energy that did not come from the grid, over the sessions of which it is known. */
  pvShare: number | null;
  averageEnergyWh: number | null;
  averageDurationS: number | null;
}

export type TotalsAnswer = TotalsPayload & {
  months?: ({ month: string } & TotalsPayload)[];
  chargePoints?: ({ chargePoint: string; name?: string } & TotalsPayload)[];
  users?: ({ user: string | null } & TotalsPayload)[];
};

/** A list of sessions, oldest first. */
export interface ListAnswer {
  payload: SessionPayload[];
  count: number;
  /** There are more; these are the oldest. */
  truncated: boolean;
}

/** @throws EvError of the store */
export function listSessions(book: SessionBook, query: SessionQuery, most: number, names?: SessionNames): ListAnswer {
  const found = book.page(query, null, most + 1);
  const payload = found.slice(0, most).map((record) => sessionPayload(record, names));
  return { payload, count: payload.length, truncated: found.length > most };
}

/** @throws EvError of the store */
export function totalSessions(
  book: SessionBook,
  query: SessionQuery,
  by: "month" | "chargePoint" | "user" | null,
  timeZone: string,
  nowWallMs: number,
  nameOf?: (chargePoint: string) => string,
): TotalsAnswer {
  const totals = toPayload(book.totals(query));
  if (by === "month") return { ...totals, months: totalMonths(book, query, timeZone, nowWallMs) };
  if (by === null) return totals;
  const groups = book.totalsBy(query, by, MOST_GROUPS);
  if (by === "user") return { ...totals, users: groups.map(({ key, ...of }) => ({ user: key, ...toPayload(of) })) };
  const named = (chargePoint: string) => (nameOf ? { chargePoint, name: nameOf(chargePoint) } : { chargePoint });
  return { ...totals, chargePoints: groups.map(({ key, ...of }) => ({ ...named(key ?? ""), ...toPayload(of) })) };
}

/**
 * A table, page by page: texts of CSV, or lists of sessions. Only one page is in memory; each is read when it is asked for, so that
 * other work may be done in between. @throws EvError of the store, from `next`
 */
export function* exportSessions(
  book: SessionBook,
  { query, report, format, style, bom }: ExportOrder,
  reports: SessionReports,
): Generator<string | SessionPayload[]> {
  if (format === "csv") yield `${bom ? BOM : ""}${csvHead(style, reports)}`;
  for (const read of pagesOf((after) => book.page(query, after, PAGE))) {
    const page = report === null ? read : read.filter(({ id }) => isWanted(reports.of(id), report));
    if (page.length === 0) continue;
    yield format === "csv" ? csvLines(page, style, reports) : page.map((record) => sessionPayload(record, style.names));
  }
}

function* pagesOf(read: (after: SessionCursor | null) => SessionRecord[]): Generator<SessionRecord[]> {
  let after: SessionCursor | null = null;
  for (;;) {
    const page = read(after);
    const last = page.at(-1);
    if (!last) return;
    yield page;
    if (page.length < PAGE) return;
    after = last;
  }
}

function totalMonths(
  book: SessionBook,
  query: SessionQuery,
  timeZone: string,
  nowWallMs: number,
): ({ month: string } & TotalsPayload)[] {
  const [first] = book.page({ ...query, state: "closed" }, null, 1);
  if (!first) return [];
  const months: ({ month: string } & TotalsPayload)[] = [];
  const endMs = Math.min(query.toWallMs ?? nowWallMs + 1, nowWallMs + 1);
  let fromMs = Math.max(query.fromWallMs ?? first.startedWallMs, first.startedWallMs);
  while (fromMs < endMs && months.length < MOST_MONTHS) {
    const nextMs = monthStart(fromMs, timeZone, 1);
    const of = book.totals({ ...query, fromWallMs: fromMs, toWallMs: Math.min(nextMs, endMs) });
    months.push({ month: monthName(fromMs, timeZone), ...toPayload(of) });
    fromMs = nextMs;
  }
  return months;
}

function toPayload(totals: SessionTotals): TotalsPayload {
  const { sessions, energyWh, measured, durationS, chargingS, waitingS, limitedS, pvKnownWh, pvWh } = totals;
  return {
    sessions,
    energyWh: round(energyWh, 1),
    durationS: Math.round(durationS),
    chargingS: Math.round(chargingS),
    waitingS: Math.round(waitingS),
    limitedS: Math.round(limitedS),
    pvShare: pvKnownWh > 0 ? round(pvWh / pvKnownWh, 4) : null,
    averageEnergyWh: measured > 0 ? round(energyWh / measured, 1) : null,
    averageDurationS: sessions > 0 ? Math.round(durationS / sessions) : null,
  };
}
