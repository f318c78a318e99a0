import type { Store } from "../../store/types.ts";
import type { JsonValue } from "../../units.ts";
import type { KeptReport } from "./types.ts";

/** The document that reports are kept in, the newest first. */
const DOCUMENT = "commissioning-reports";
/** So many are kept. The first one ever made is always among them. */
const KEPT = 12;

/** Reports that were made, the newest first. */
export function keptReports(store: Pick<Store, "document">): KeptReport[] {
  const kept = store.document(DOCUMENT);
  return Array.isArray(kept) ? (kept as unknown as KeptReport[]) : [];
}

/**
 * Keeps a report; resolves when it is on the disk. The newest one with the same data is that report: it is kept once.
 * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
 */
export async function keepReport(store: Store, report: KeptReport): Promise<void> {
  const kept = keptReports(store);
  if (kept[0]?.sha256 === report.sha256) return;
  const all = [report, ...kept];
  const left = all.length > KEPT ? [...all.slice(0, KEPT - 1), all.at(-1)!] : all;
  await store.keepDocument(DOCUMENT, left as unknown as JsonValue);
}
