import type { Draft } from "./draft.ts";
import { isImbalanceRow } from "./row-layout.ts";

/** So many in one queue are all tried, further ones wait for the next pass: with thousands it would take too long. */
const MOST_TRIED = 16;

/**
 * Connectors to which an imbalance limit refused their minimum, by the row that did, in activation order. When another
 * one starts on the least loaded phase, those of its zones get a second chance.
 */
export class ImbalanceRetry {
  readonly #draft: Draft;
  readonly #queues = new Map<number, number[]>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** Takes note of a connector that was refused; it can be admitted later only where an imbalance limit refused it. */
  add(car: number): void {
    const row = this.#draft.binding[car]!;
    const { rows } = this.#draft.rowLoads.problem;
    if (!isImbalanceRow(rows, row)) return;
    const queue = this.#queues.get(row);
    if (!queue) this.#queues.set(row, [car]);
    else {
      const after = queue.findIndex((other) => other > car);
      queue.splice(after < 0 ? queue.length : after, 0, car);
    }
  }

  /** @param start gives a connector its minimum if it can have it now */
  started(car: number, start: (candidate: number) => boolean): void {
    if (this.#queues.size === 0) return;
    for (let again = true; again; ) {
      again = false;
      for (const candidate of this.#candidates(car)) {
        const row = this.#draft.binding[candidate]!;
        again = start(candidate);
        if (!again && this.#draft.binding[candidate] === row) continue;
        this.#remove(candidate, row);
        if (!again) this.add(candidate);
        else break;
      }
    }
  }

  /** Connectors that wait for a zone above this connector, in order. */
  #candidates(car: number): number[] {
    const { tree, rows } = this.#draft.rowLoads.problem;
    const found: number[] = [];
    for (let zone = tree.home[car]!; zone >= 0; zone = tree.parent[zone]!) {
      const first = rows.imbalanceRow[zone]!;
      for (let row = first; first >= 0 && row < first + 3; row++) {
        found.push(...(this.#queues.get(row) ?? []).slice(0, MOST_TRIED));
      }
    }
    return found.sort((a, b) => a - b);
  }

  #remove(car: number, row: number): void {
    const queue = this.#queues.get(row)!;
    queue.splice(queue.indexOf(car), 1);
    if (queue.length === 0) this.#queues.delete(row);
  }
}
