import type { Clock } from "../clock.ts";
import type { JsonValue } from "../units.ts";

/** A place for a file that outlives the process. Its path is known to the charge point alone: here stands what it is hashed to. */
export interface KeptUpload {
  key: string;
  chargePoint: string;
  kind: "diagnostics" | "log";
  requestId: number | null;
  untilWallMs: number;
}

/** What is kept in, in the store. */
export interface DocumentStore {
  document(key: string): JsonValue | undefined;
  saveDocument(key: string, value: JsonValue): void;
}

/** Document under which they are kept. */
const DOCUMENT = "files/uploads";

/** Uploads that are waited for, over restarts. */
export class KeptUploads {
  readonly #store: DocumentStore;
  readonly #clock: Clock;

  constructor(store: DocumentStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Uploads whose time is not over. */
  get all(): KeptUpload[] {
    const stored = this.#store.document(DOCUMENT);
    const now = this.#clock.wallMs();
    const found: readonly unknown[] = Array.isArray(stored) ? stored : [];
    return found.filter(isKept).filter(({ untilWallMs }) => untilWallMs > now);
  }

  add(upload: KeptUpload): void {
    this.#save([...this.all, upload]);
  }

  remove(key: string): void {
    const { all } = this;
    const others = all.filter((upload) => upload.key !== key);
    if (others.length < all.length) this.#save(others);
  }

  #save(uploads: readonly KeptUpload[]): void {
    this.#store.saveDocument(DOCUMENT, uploads as unknown as JsonValue);
  }
}

function isKept(value: unknown): value is KeptUpload {
  const { key, chargePoint, kind, requestId, untilWallMs } = (value ?? {}) as Partial<KeptUpload>;
  return (
    typeof key === "string" &&
    typeof chargePoint === "string" &&
    (kind === "diagnostics" || kind === "log") &&
    (requestId === null || typeof requestId === "number") &&
    typeof untilWallMs === "number"
  );
}
