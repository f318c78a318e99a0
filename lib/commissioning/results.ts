import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import type { CommissioningResult } from "./result.ts";

/** Results by connector, the newest first. */
const PREFIX = "commissioning/";
/** So many are kept of each connector. */
const KEPT = 12;

/** Keeps a result; resolves when it is on the disk. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export function keepResult(store: Store, result: CommissioningResult): Promise<void> {
  const all = [result, ...resultsOf(store, result.target)].slice(0, KEPT);
  return store.keepDocument(PREFIX + result.target, all as unknown as JsonValue);
}

/** Results of a connector (`CP1/1`), the newest first. */
export function resultsOf(store: Pick<Store, "document">, target: string): CommissioningResult[] {
  return listed(store.document(PREFIX + target));
}

/** The newest result of each connector that has one. @throws EvError EV_STORE_OPEN */
export function newestResults(store: Pick<Store, "documents">): CommissioningResult[] {
  return store.documents(PREFIX).flatMap(([, kept]) => listed(kept).slice(0, 1));
}

function listed(kept: JsonValue | undefined): CommissioningResult[] {
  return Array.isArray(kept) ? (kept as unknown as CommissioningResult[]) : [];
}
