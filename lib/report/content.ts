import { csvHead, csvLines, type TableStyle } from "../session/sessions/session-csv.ts";
import type { SessionBook } from "../store/session-types.ts";
import { round } from "../units.ts";
import { counted, sentence } from "../words/sentence.ts";
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
}

/** Which sessions a report is about: closed numbers behind the one, up to the other. */
export interface ReportRange {
  name: string;
  afterClosed: number;
  upToClosed: number;
  isTest: boolean;
}

export interface ContentStyle {
  table: TableStyle;
  language: Language;
  /** What the subject begins with; empty = the words of the language. */
  subject: string;
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
  const filename = `sessions-${name}.csv`;
  const energy = String(round(energyWh / 1000, 1)).replace(".", style.table.decimal);
  const lines = [
    ...(isTest ? [sentence(language, "sent.test")] : []),
    sessions === 0 ? sentence(language, "sent.none") : counted(language, "sent.summary", sessions, { energy }),
    ...(corrections.length > 0 ? [counted(language, "sent.corrected", corrections.length)] : []),
    sentence(language, "sent.attached", { filename }),
  ];
  return {
    name,
    subject: style.subject ? `${style.subject} ${name}` : sentence(language, "sent.subject", { name }),
    text: lines.join("\n"),
    filename,
    csv: chunks.join(""),
    sessions,
    energyWh: round(energyWh, 1),
  };
}
