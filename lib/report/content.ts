import { localText } from "../local-time.ts";
import { csvHead, csvLines, type TableStyle } from "../session/sessions/session-csv.ts";
import type { SessionBook } from "../store/books/session-types.ts";
import { round } from "../units.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";

/** A report as it is delivered. */
export interface ReportContent {
  /** `2026-05`. */
  name: string;
  subject: string;
  text: string;
  filename: string;
  /** The table, without a byte order mark. */
  csv: string;
  sessions: number;
  energyWh: number;
  /** What the zones consumed; null where it is not wanted, or nothing is known. */
  consumption: ConsumptionTable | null;
}

/** Energy of a zone in a day (`2026-05-31`) or a month (`2026-05`). */
export interface ZoneEnergy {
  zone: string;
  period: string;
  energyWh: number;
  /** Of the cars. */
  carsWh: number;
  othersWh: number;
}

export interface ConsumptionTable {
  filename: string;
  csv: string;
  rows: readonly ZoneEnergy[];
}

/** Energy of the days and months that begin in the one day or later, and before the other; and the same as a table. */
export type ConsumptionBook = (fromDay: string, toDay: string) => Pick<ConsumptionTable, "csv" | "rows">;

/** Which sessions a report is about: closed numbers behind the one, up to the other. */
export interface ReportRange {
  name: string;
  afterClosed: number;
  upToClosed: number;
  isTest: boolean;
  /** Its days: from the one in which it begins to the one before that in which it ends; null = none. */
  days: { fromWallMs: number; toWallMs: number } | null;
}

export interface ContentStyle {
  table: TableStyle;
  language: Language;
  /** What the subject begins with; empty = the words of the language. */
  subject: string;
  /** null = not wanted. */
  consumption: ConsumptionBook | null;
}

/** Sessions that are read in one go. */
const PAGE = 500;

/**
 * Writes a report. Behind its sessions stand those of earlier reports that were put right since, in two rows each: what was reported,
 * taken back with negative figures, and what holds instead. So the sum over all reports is what was charged. `wasTold` says of a
 * closed number whether an earlier report to the same destination has, or will have, brought it there. Gives way to other work
 * between pages. Rejects with EvError of the store.
 */
export async function writeReport(
  book: SessionBook,
  range: ReportRange,
  style: ContentStyle,
  wasTold: (closedNumber: number) => boolean,
): Promise<ReportContent> {
  const { name, upToClosed, isTest } = range;
  const chunks = [csvHead(style.table)];
  let sessions = 0;
  let energyWh = 0;
  for (let after = range.afterClosed; ; ) {
    const page = book.closedPage(after, upToClosed, PAGE);
    const last = page.at(-1);
    if (!last) break;
    chunks.push(csvLines(page, style.table));
    sessions += page.length;
    for (const session of page) energyWh += session.energyWh ?? 0;
    after = last.closedNumber ?? upToClosed;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const corrections = isTest
    ? []
    : book.corrections(range.afterClosed, upToClosed).filter(({ was }) => wasTold(was.closedNumber ?? 0));
  for (const { was, is } of corrections) {
    chunks.push(csvLines([{ ...was, flags: [...was.flags, "reversal"] }, is], style.table));
    energyWh += (is.energyWh ?? 0) - (was.energyWh ?? 0);
  }
  const { language } = style;
  const consumption = consumptionOf(range, style);
  const filename = `sessions-${name}.csv`;
  const energy = kWh(energyWh, style);
  const lines = [
    ...(isTest ? [sentence(language, "sent.test")] : []),
    sessions === 0 ? sentence(language, "sent.none") : sentence(language, "sent.summary", { n: sessions, energy }),
    ...(corrections.length > 0 ? [sentence(language, "sent.corrected", { n: corrections.length })] : []),
    ...zoneLines(consumption, style),
    sentence(language, "sent.attached", { filename: [filename, consumption?.filename].filter(Boolean).join(", ") }),
  ];
  return {
    name,
    subject: style.subject ? `${style.subject} ${name}` : sentence(language, "sent.subject", { name }),
    text: lines.join("\n"),
    filename,
    csv: chunks.join(""),
    sessions,
    energyWh: round(energyWh, 1),
    consumption,
  };
}

function consumptionOf({ name, days }: ReportRange, { consumption, table }: ContentStyle): ConsumptionTable | null {
  if (!consumption || !days) return null;
  const [from, to] = [days.fromWallMs, days.toWallMs].map((ms) => localText(ms, table.timeZone).slice(0, 10));
  const found = consumption(from!, to!);
  return found.rows.length > 0 ? { filename: `consumption-${name}.csv`, ...found } : null;
}

/** What each zone consumed in all days of the report. */
function zoneLines(consumption: ConsumptionTable | null, style: ContentStyle): string[] {
  const days = consumption?.rows.filter(({ period }) => period.length > "2026-05".length) ?? [];
  const zones = [...new Set(days.map(({ zone }) => zone))];
  return zones.map((zone) => {
    const ofZone = days.filter((row) => row.zone === zone);
    const sum = (key: "energyWh" | "carsWh") =>
      kWh(
        ofZone.reduce((wh, row) => wh + row[key], 0),
        style,
      );
    return sentence(style.language, "sent.zone", { zone, energy: sum("energyWh"), cars: sum("carsWh") });
  });
}

function kWh(wh: number, { table }: ContentStyle): string {
  return String(round(wh / 1000, 1)).replace(".", table.decimal);
}
