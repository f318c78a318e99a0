/** A database that was replaced by an older copy of itself: what it knows to be unsent may have been sent since the copy was made. */
import type { Clock } from "../clock.ts";
import { record } from "../fields.ts";
import type { Store } from "../store/types.ts";

/** Stands in copies, and in the database only while one is made. */
const COPY_DOCUMENT = "upstream/copy";
/** When the database was last found to be a copy. */
const RESTORED_DOCUMENT = "upstream/restored";
/** A charge that is found running so soon after may have been reported before, ms. */
const DOUBTFUL_MS = 86_400_000;

/** Copies the database, and marks the copy as one. @throws as Store.copyTo */
export async function copyMarked(
  store: Pick<Store, "keepDocument" | "saveDocument" | "copyTo">,
  path: string,
): Promise<void> {
  await store.keepDocument(COPY_DOCUMENT, { isCopy: true }).catch(() => undefined);
  try {
    await store.copyTo(path);
  } finally {
    store.saveDocument(COPY_DOCUMENT, { isCopy: false });
  }
}

type RestoredStore = Pick<Store, "document" | "saveDocument" | "recovery" | "upstreams">;

/** Watches whether the database is a copy: from the start, or because the file was damaged meanwhile. */
export class Restored {
  readonly #store: RestoredStore;
  readonly #clock: Clock;
  #recovery: unknown = null;
  #sinceWallMs: number | null;

  constructor(store: RestoredStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    const { wallMs } = record(store.document(RESTORED_DOCUMENT));
    this.#sinceWallMs = typeof wallMs === "number" ? wallMs : null;
    if (record(store.document(COPY_DOCUMENT))["isCopy"] === true) this.#note();
    this.look();
  }

  /** Whether a charge that became known at a time may have been reported before, although nothing here says so. */
  isDoubtful(wallMs: number): boolean {
    return this.#sinceWallMs !== null && Math.abs(wallMs - this.#sinceWallMs) < DOUBTFUL_MS;
  }

  /** @throws EvError of the store: it is tried again with the next look */
  look(): void {
    const { recovery } = this.#store;
    if (recovery === null || recovery === this.#recovery) return;
    this.#note();
    this.#recovery = recovery;
  }

  #note(): void {
    this.#store.upstreams.restored();
    this.#sinceWallMs = this.#clock.wallMs();
    this.#store.saveDocument(RESTORED_DOCUMENT, { wallMs: this.#sinceWallMs });
    this.#store.saveDocument(COPY_DOCUMENT, { isCopy: false });
  }
}
