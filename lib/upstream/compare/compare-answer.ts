/** The comparison as a message asks for it and is told of it. */
import { isoTime } from "../../clock.ts";
import { EvError, invalid } from "../../errors.ts";
import { record } from "../../fields.ts";
import { localText, localTime, wallOfLocal } from "../../local-time.ts";
import { readSpan } from "../../session/sessions/session-request.ts";
import type { UpstreamRecord } from "../../store/books/upstreams.ts";
import { round } from "../../units.ts";
import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import { compareCharges, type Difference, type DifferenceKind, type OurCharge } from "./compare.ts";
import { readTheirCsv, readTheirRows, type TheirCharge } from "./their-table.ts";

/** Clocks of chargers and back ends differ by this at most, min. */
const TOLERANCE_MIN = 15;
const MOST_TOLERANCE_MIN = 1440;
/** Half of what two decimals of a kWh can tell apart, and what rounding on both sides adds, Wh. */
const TOLERANCE_WH = 10;
const MOST_TOLERANCE_WH = 10_000;
/** Characters of a table. */
const MOST_TEXT = 20_000_000;
/** Differences that are listed; all are counted. */
const LISTED = 1000;
/** Rows of our books that are compared. */
const MOST_RECORDS = 200_000;

export interface CompareRequest {
  theirs: TheirCharge[];
  /** Charges that began then have to be in both. */
  fromWallMs: number;
  toWallMs: number;
  startMs: number;
  energyWh: number;
}

/** One thing that differs. */
export interface DifferenceRow {
  kind: DifferenceKind;
  /** Line of their table, or number of the row; null = it is here only. */
  line: number | null;
  chargePoint: string;
  connector: number | null;
  /** ISO 8601 UTC, ours where there is one. */
  start: string;
  /** null = it is there only. */
  sessionId: string | null;
  energyWh: number | null;
  /** null = it is here only. */
  theirEnergyWh: number | null;
  theirId: string | null;
  /** The same as a sentence. */
  text: string;
}

export interface CompareAnswer {
  backEnd: string;
  /** ISO 8601 UTC: charges that began from then on until then have to be in both. */
  from: string;
  to: string;
  /** Charges of ours and of theirs in this time, their energy, and how many are the same. */
  here: number;
  there: number;
  energyWh: number;
  theirEnergyWh: number;
  equal: number;
  counts: Record<DifferenceKind, number>;
  differences: DifferenceRow[];
  /** There are more differences; these are the first. */
  truncated: boolean;
  /** All in one sentence. */
  text: string;
}

/**
 * @param payload `{csv | rows, from?, to?, month?, toleranceMin?, toleranceWh?}`
 * @throws EvError EV_MESSAGE_INVALID naming the field, or the line and the column
 */
export async function readCompareRequest(
  payload: unknown,
  timeZone: string,
  nowWallMs: number,
): Promise<CompareRequest> {
  const fields = record(payload);
  const { csv, rows } = fields;
  const startMs = numberOf(fields, "toleranceMin", TOLERANCE_MIN, MOST_TOLERANCE_MIN) * 60_000;
  const energyWh = numberOf(fields, "toleranceWh", TOLERANCE_WH, MOST_TOLERANCE_WH);
  const span = readSpan(fields, timeZone, nowWallMs);
  const isText = typeof csv === "string" && csv !== "";
  if (!isText && !Array.isArray(rows))
    throw invalid("payload.csv", "a table as text, or payload.rows a list", csv, "theirTable");
  if (isText && csv.length > MOST_TEXT)
    throw new EvError("EV_MESSAGE_INVALID", `payload.csv has more than ${MOST_TEXT} characters`, {
      field: "theirTable",
    });
  const theirs = isText ? await readTheirCsv(csv, timeZone) : await readTheirRows(rows as unknown[], timeZone);
  if (theirs.length === 0) throw new EvError("EV_MESSAGE_INVALID", "the table has no charges", { field: "theirNone" });
  const starts = theirs.map(({ startedWallMs }) => startedWallMs);
  const first = starts.reduce((one, other) => Math.min(one, other));
  const last = starts.reduce((one, other) => Math.max(one, other));
  return {
    theirs,
    fromWallMs: span.fromWallMs ?? dayOf(first, timeZone, 0),
    toWallMs: span.toWallMs ?? dayOf(last, timeZone, 1),
    startMs,
    energyWh,
  };
}

/** The time in which our books are looked through. */
export function windowOf({ fromWallMs, toWallMs, startMs }: CompareRequest): {
  fromWallMs: number;
  toWallMs: number;
  most: number;
} {
  return { fromWallMs: fromWallMs - startMs, toWallMs: toWallMs + startMs, most: MOST_RECORDS };
}

/** @param records of our books in the window; @param identityOf under which the back end knows a charger */
export function answerComparison(
  request: CompareRequest,
  records: readonly UpstreamRecord[],
  backEnd: string,
  identityOf: (chargePoint: string) => string,
  place: { timeZone: string; language: Language },
): CompareAnswer {
  const { fromWallMs, toWallMs, startMs, energyWh } = request;
  const isIn = (wallMs: number) => wallMs >= fromWallMs && wallMs < toWallMs;
  const ours = records.map((one): OurCharge => {
    const { session, chargePoint, connector, startedWallMs } = one;
    const upstreamIdentity = identityOf(chargePoint);
    return { session, chargePoint, connector, upstreamIdentity, startedWallMs, energyWh: one.energyWh };
  });
  const theirs = request.theirs.filter(({ startedWallMs }) => isIn(startedWallMs));
  const { equal, differences } = compareCharges(ours, theirs, { startMs, energyWh }, (our) => isIn(our.startedWallMs));
  const due = ours.filter((our) => isIn(our.startedWallMs) && our.energyWh !== null);
  const counts = { onlyHere: 0, onlyThere: 0, energyDiffers: 0, perhapsTwice: 0 };
  for (const { kind } of differences) counts[kind] += 1;
  const states = new Map(records.map((one) => [one.session, one]));
  const values = { equal, here: due.length, there: theirs.length, n: differences.length };
  return {
    ...{ backEnd, from: isoTime(fromWallMs), to: isoTime(toWallMs), here: due.length, there: theirs.length },
    energyWh: round(
      due.reduce((sum, one) => sum + (one.energyWh ?? 0), 0),
      0,
    ),
    theirEnergyWh: round(
      theirs.reduce((sum, one) => sum + one.energyWh, 0),
      0,
    ),
    ...{ equal, counts },
    differences: differences.slice(0, LISTED).map((one) => rowOf(one, states.get(one.ours?.session ?? ""), place)),
    truncated: differences.length > LISTED,
    text: sentence(place.language, differences.length === 0 ? "compare.same" : "compare.differ", values),
  };
}

function rowOf(
  { kind, ours, theirs }: Difference,
  known: UpstreamRecord | undefined,
  { timeZone, language }: { timeZone: string; language: Language },
): DifferenceRow {
  const wallMs = ours?.startedWallMs ?? theirs!.startedWallMs;
  const state = known?.state === "reported" && known.perhapsTwice ? "perhapsTwice" : known?.state;
  const values = {
    place: ours ? `${ours.chargePoint}/${ours.connector}` : (theirs?.charger ?? "?"),
    start: localText(wallMs, timeZone),
    line: theirs?.line ?? 0,
    energy: kWh(ours?.energyWh ?? null, language),
    theirs: kWh(theirs?.energyWh ?? null, language),
    state: state ? sentence(language, `book.${state}`, { why: known?.reason ?? "?" }) : "",
  };
  return {
    ...{ kind, line: theirs?.line ?? null, chargePoint: ours?.chargePoint ?? theirs?.charger ?? "" },
    ...{ connector: ours?.connector ?? null, start: isoTime(wallMs), sessionId: ours?.session ?? null },
    energyWh: ours?.energyWh ?? null,
    theirEnergyWh: theirs ? round(theirs.energyWh, 1) : null,
    theirId: theirs?.id ?? null,
    text: sentence(language, `compare.${kind}`, values),
  };
}

function kWh(wh: number | null, language: Language): string {
  return wh === null ? "?" : (wh / 1000).toFixed(2).replace(".", sentence(language, "number.decimal"));
}

/** Midnight of the place before a moment, or so many days on. */
function dayOf(wallMs: number, timeZone: string, daysOn: number): number {
  const { year, month, day } = localTime(wallMs, timeZone);
  return wallOfLocal({ year, month, day: day + daysOn }, timeZone);
}

function numberOf(fields: Record<string, unknown>, name: string, otherwise: number, most: number): number {
  const value = fields[name];
  if (value === undefined || value === null || value === "") return otherwise;
  const number = Number(value);
  if (number >= 0 && number <= most) return number;
  throw invalid(`payload.${name}`, `a number from 0 to ${most}`, value);
}
