import type { Store } from "../../store/types.ts";
import type { JsonValue } from "../../units.ts";
import type { DrillResult } from "./drill-result.ts";

/** Results of all drills of a site, the newest first. */
const DOCUMENT = "drills";
/** So many are kept of each kind and target, and of all. */
const KEPT_OF_EACH = 3;
const KEPT = 60;

/**
 * Keeps a result in the place of the one that began at the same moment, or of another; resolves when it is on the disk.
 * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
 */
export function keepDrill(store: Store, result: DrillResult, insteadOf = result.startedWallMs): Promise<void> {
  const taken = [result.startedWallMs, insteadOf];
  const before = drillResults(store).filter(({ startedWallMs }) => !taken.includes(startedWallMs));
  const counts = new Map<string, number>();
  const all = [result, ...before].filter(({ kind, target }) => {
    const key = JSON.stringify([kind, target]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts.get(key)! <= KEPT_OF_EACH;
  });
  return store.keepDocument(DOCUMENT, all.slice(0, KEPT) as unknown as JsonValue);
}

/** Results that are kept, the newest first. @throws EvError EV_STORE_OPEN */
export function drillResults(store: Pick<Store, "document">): DrillResult[] {
  const kept = store.document(DOCUMENT);
  return Array.isArray(kept) ? (kept as unknown as DrillResult[]) : [];
}
