/** What one load management keeps over restarts, written so that it spares flash cards. */
import type { Clock } from "../clock.ts";
import type { KeyValueStore } from "../dlm/decision-log/key-value-store.ts";
import { RarelyWritten } from "../dlm/decision-log/rarely-written.ts";
import { record } from "../fields.ts";
import type { SparingJournal } from "../store/journal/sparing-journal.ts";
import { packed, unpacked } from "../store/packed.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { writeTurn } from "../write-turn.ts";

export interface DlmMemoryDeps {
  store: Pick<Store, "document" | "saveDocument">;
  journal: Pick<SparingJournal, "document" | "saveDocument" | "note">;
  clock: Pick<Clock, "nowMs">;
}

export class DlmMemory {
  /** Where its history lies. */
  readonly shelf: KeyValueStore;
  /** The same, for what is saved by the minute. */
  readonly diary: KeyValueStore;
  readonly #deps: DlmMemoryDeps;
  readonly #document: string;
  readonly #waiting: RarelyWritten;
  /** In which the state was written last. */
  #turn = Number.NaN;
  /** The newest parts of it as they were written last. */
  readonly #written: string[] = [];
  /** The state was written: its newest parts must not be older on the disk. */
  #isNewer = false;

  /** @param document under which all of it is kept */
  constructor(deps: DlmMemoryDeps, document: string) {
    const { store, clock } = deps;
    this.#deps = deps;
    this.#document = document;
    const plain: KeyValueStore = {
      save: (key, value) => store.saveDocument(`${document}/${key}`, value),
      load: (key) => store.document(`${document}/${key}`),
    };
    this.shelf = packing(plain);
    this.#waiting = new RarelyWritten(this.shelf, clock);
    this.diary = this.#waiting;
  }

  /** What was kept before: the newest of it stands in documents of its own. */
  get saved(): Record<string, JsonValue> {
    const { journal } = this.#deps;
    const read = (kept: JsonValue | undefined) => record(unpacked(kept)) as Record<string, JsonValue>;
    return Object.assign({}, ...[this.#document, ...this.#newest].map((document) => read(journal.document(document))));
  }

  /**
   * What it learns by the minute is written once in each turn, what a person or a flow has changed at once: into the journal, where it is a
   * part of a page that is written anyway. The database would write up to ten pages.
   */
  state(saved: JsonValue, hasChanged: boolean): void {
    const { journal, clock } = this.#deps;
    const turn = writeTurn(clock.nowMs());
    if (!hasChanged && turn === this.#turn) return;
    this.#turn = turn;
    this.#isNewer = true;
    journal.saveDocument(this.#document, packed(saved));
  }

  /** Small documents, each written where it differs: all of the state at each new setpoint would wear out a flash card. */
  newest(saved: JsonValue): void {
    const { highest = null, ...commanded } = record(saved) as Record<string, JsonValue>;
    const { journal } = this.#deps;
    for (const [index, part] of [commanded, { highest }].entries()) {
      const text = JSON.stringify(part);
      if (text === this.#written[index] && !this.#isNewer) continue;
      this.#written[index] = text;
      if (this.#isNewer) journal.saveDocument(this.#newest[index]!, packed(part));
      else journal.note(this.#newest[index]!, packed(part));
    }
    this.#isNewer = false;
  }

  /** Writes what waits, and the last state. */
  close(saved: JsonValue): void {
    this.#waiting.write();
    this.state(saved, true);
  }

  get #newest(): readonly string[] {
    return [`${this.#document}/commanded`, `${this.#document}/highest`];
  }
}

function packing(shelf: KeyValueStore): KeyValueStore {
  return { save: (key, value) => shelf.save(key, packed(value)), load: (key) => unpacked(shelf.load(key)) };
}
