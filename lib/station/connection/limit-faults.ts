import type { Store } from "../../store/types.ts";
import type { JsonValue } from "../../units.ts";
import { hintFrom } from "../../words/sentence.ts";
import type { Hint } from "../../words/types.ts";

/** `zero`: 0 A was refused; `limits`: another limit was refused; `unsupported`: the charge point takes no profiles. */
export type LimitRefusal = "zero" | "limits" | "unsupported";

/** Why a connector is not controlled as it should be. `outOfService`: stopped by us, because a breaker was over its limit. */
export type LimitFaultKind = LimitRefusal | "unanswered" | "nonCompliant" | "outOfService";

interface Entry {
  refusal: LimitRefusal | null;
  /** Monotonic time since when it refuses. */
  refusedAtMs: number;
  /** The most it drew above its limits, A per phase; null while it obeys. */
  disobeysA: number | null;
  outOfService: boolean;
  hint: Hint | null;
}

/** Document under which what a restart must not forget is kept. */
const DOCUMENT = "limits/troubles";

/** What stands between connectors and their limits: refusals, disobedience, connectors taken out of service (safety.md S7). */
export class LimitFaults {
  readonly #store: Store;
  readonly #entries = new Map<string, Entry>();
  readonly #advice = new Map<string, Hint>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Takes over what the database knows. @throws when it cannot be read */
  restore(): void {
    const saved = this.#store.document(DOCUMENT);
    if (typeof saved !== "object" || saved === null || Array.isArray(saved)) return;
    for (const [id, entry] of Object.entries(saved))
      if (!this.#entries.has(id)) this.#entries.set(id, readEntry(entry));
  }

  get(id: string): Readonly<Entry> | undefined {
    return this.#entries.get(id);
  }

  hint(id: string): Hint | null {
    return this.#entries.get(id)?.hint ?? this.#advice.get(id) ?? null;
  }

  advise(id: string, hint: Hint): void {
    this.#advice.set(id, hint);
  }

  /** Refusing a real limit weighs more than refusing 0 A. */
  refused(id: string, refusal: LimitRefusal, hint: Hint | null, nowMs: number): void {
    const { refusal: before, refusedAtMs, hint: known } = this.#entry(id);
    if (refusal === "zero" && before !== null) return;
    this.#set(id, { refusal, refusedAtMs: before === refusal ? refusedAtMs : nowMs, hint: hint ?? known });
  }

  /** @param drawA what it drew above its limit, A per phase */
  disobeys(id: string, drawA: number, hint: Hint | null): void {
    const { disobeysA } = this.#entry(id);
    if (disobeysA === null || drawA > disobeysA) this.#set(id, { disobeysA: Math.max(drawA, disobeysA ?? 0), hint });
  }

  /** Returns whether it did not before. */
  obeys(id: string): boolean {
    if (this.#entries.get(id)?.disobeysA == null) return false;
    this.#set(id, { disobeysA: null, hint: null });
    return true;
  }

  /** Returns whether anything was refused before. */
  accepts(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry?.refusal) return false;
    this.#set(id, { refusal: null, hint: entry.disobeysA === null ? null : entry.hint });
    return true;
  }

  setOutOfService(id: string, outOfService: boolean, hint: Hint | null): void {
    if (this.#entry(id).outOfService !== outOfService) this.#set(id, { outOfService, hint });
  }

  #entry(id: string): Entry {
    return this.#entries.get(id) ?? { refusal: null, refusedAtMs: 0, disobeysA: null, outOfService: false, hint: null };
  }

  #set(id: string, change: Partial<Entry>): void {
    this.#entries.set(id, { ...this.#entry(id), ...change });
    const kept = [...this.#entries].filter(([, entry]) => entry.disobeysA !== null || entry.outOfService);
    this.#store.saveDocument(DOCUMENT, Object.fromEntries(kept) as unknown as JsonValue);
  }
}

function readEntry(saved: unknown): Entry {
  const { disobeysA, outOfService, hint } = (saved ?? {}) as Record<string, unknown>;
  return {
    refusal: null,
    refusedAtMs: 0,
    disobeysA: typeof disobeysA === "number" && disobeysA >= 0 ? disobeysA : null,
    outOfService: outOfService === true,
    hint: hintFrom(hint),
  };
}
