import { stringify } from "csv/sync";
import { isoTime } from "../../clock.ts";
import { localText } from "../../local-time.ts";
import type { SessionRecord } from "../../store/books/session-types.ts";
import { durationS, type SessionNames } from "./session-payload.ts";
import type { SessionReports } from "./session-reports.ts";

/** How a table is written: spreadsheets of different countries want different ones. */
export interface TableStyle {
  separator: ";" | "," | "\t";
  decimal: "," | ".";
  /** `evlink`: the twelve columns of EVlink stations alone; `all`: these and ours. */
  columns: "all" | "evlink";
  /** For times; empty = the machine's. */
  timeZone: string;
  /** What people call charge points: with columns for names and places where there are any. */
  names?: SessionNames;
}

type Cell = string | number | null;
type Column = readonly [header: string, cell: (session: SessionRecord, timeZone: string) => Cell];

/** The columns of a charge data record of EVlink stations, in their order (EVlink Parking commissioning guide, chapter 6). */
const EVLINK: readonly Column[] = [
  ["Charge number", ({ number }) => number],
  ["Charging station", ({ chargePoint }) => chargePoint],
  ["Socket ID", ({ connector }) => connector],
  ["Transaction ID", ({ transactionId }) => transactionId],
  ["UID", ({ idTag }) => idTag],
  ["Charge type", ({ chargeType }) => chargeType],
  ["Start", ({ startedWallMs }, timeZone) => localText(startedWallMs, timeZone)],
  ["End", ({ endedWallMs }, timeZone) => (endedWallMs === null ? null : localText(endedWallMs, timeZone))],
  ["Energy (kWh)", (session) => thousandth(signed(session, session.energyWh))],
  ["Socket type", ({ socketType }) => socketType],
  ["Duration", (session) => clockText(signed(session, durationS(session)))],
  ["Comment", ({ comment }) => comment],
];

const OURS: readonly Column[] = [
  ["User", ({ user }) => user],
  ["Zone", ({ zone }) => zone],
  ["PV share (%)", ({ pvShare }) => (pvShare === null ? null : Math.round(pvShare * 1000) / 10)],
  ["Charging", (session) => clockText(signed(session, session.chargingS))],
  ["Waiting", (session) => clockText(signed(session, session.waitingS))],
  ["Idle", (session) => clockText(signed(session, session.idleS))],
  ["Limited", (session) => clockText(signed(session, session.limitedS))],
  ["Stop reason", ({ stopReason }) => stopReason],
  ["Meter start (kWh)", ({ meterStartWh }) => thousandth(meterStartWh)],
  ["Meter stop (kWh)", ({ meterStopWh }) => thousandth(meterStopWh)],
  ["Energy source", ({ energySource }) => energySource],
  ["Meter kind", ({ meterKind }) => meterKind],
  ["Start (UTC)", ({ startedWallMs }) => isoTime(startedWallMs)],
  ["End (UTC)", ({ endedWallMs }) => (endedWallMs === null ? null : isoTime(endedWallMs))],
  ["Session", ({ id }) => id],
  ["Flags", ({ flags }) => flags.join(" ")],
];

/** The line of headings. @param reports the books of back ends: with a column for each */
export function csvHead(style: TableStyle, reports?: SessionReports): string {
  return write([columnsOf(style, reports).map(([header]) => header)], style);
}

/** One line for each session (RFC 4180, CRLF). A text that a spreadsheet would take for a formula gets an apostrophe. */
export function csvLines(sessions: readonly SessionRecord[], style: TableStyle, reports?: SessionReports): string {
  const columns = columnsOf(style, reports);
  return write(
    sessions.map((session) => columns.map(([, cell]) => cell(session, style.timeZone))),
    style,
  );
}

function columnsOf({ columns, names }: TableStyle, reports?: SessionReports): readonly Column[] {
  if (columns === "evlink") return EVLINK;
  return [...EVLINK, ...OURS, ...columnsOfReports(reports), ...(names?.given ? columnsOfNames(names) : [])];
}

/** Last, so that no column moves when the first charge point is given a name. */
function columnsOfNames(names: SessionNames): Column[] {
  return [
    ["Name", ({ chargePoint, connector }) => names.connector(chargePoint, connector)],
    ["Place", ({ chargePoint }) => names.place(chargePoint)],
  ];
}

/** One for each back end: what it has of the session; empty = nothing. */
function columnsOfReports(reports?: SessionReports): Column[] {
  return (reports?.backEnds ?? []).map((name) => [`Reported to ${name}`, ({ id }) => reportText(reports!, id, name)]);
}

function reportText(reports: SessionReports, id: string, name: string): string {
  const own = reports.of(id).filter(({ backEnd }) => backEnd === name);
  return own.map(({ state, reason }) => (state === "refused" ? `refused: ${reason ?? "?"}` : state)).join(", ");
}

function write(rows: Cell[][], { separator, decimal }: TableStyle): string {
  return stringify(rows, {
    delimiter: separator,
    record_delimiter: "windows",
    escape_formulas: true,
    cast: {
      number: (value) => String(value).replace(".", decimal),
      // A duration that is taken back, and the number of a transaction, are no formula.
      string: (value) => (NEGATIVE.test(value) ? { value, escape_formulas: false } : value),
    },
  });
}

function thousandth(wh: number | null): number | null {
  return wh === null ? null : Math.round(wh) / 1000;
}

/** What a report takes back counts negative, so that sums over a column are right. */
function signed<T extends number | null>({ flags }: SessionRecord, value: T): T {
  return flags.includes("reversal") && value ? (-value as T) : value;
}

const NEGATIVE = /^-\d+(:\d\d:\d\d)?$/;

/** Hours, minutes and seconds: `26:03:09`. */
function clockText(seconds: number): string {
  if (seconds <= -0.5) return `-${clockText(-seconds)}`;
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
