import { ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { RowHeap } from "./heap.ts";
import type { Incidence } from "./incidence.ts";
import { TOLERANCE_A } from "./ledger.ts";
import { sortByKey } from "./order.ts";

/** More rows than this are sorted, not inserted one by one. */
const MANY = 32;

const STATE = { done: 0, floor: 1, rising: 2 } as const;

/**
 * Weighted max-min fair filling with floors (Bertsekas and Gallager's progressive filling): one level rises from the
 * lowest minimum; a connector's current is weight × level, once that is above its minimum, until it reaches its
 * maximum or a row it is on fills up. Rows wait in a heap on the level at which they would fill up. That level can
 * only grow when a connector stops rising, so a stale key is found out when it comes to the top.
 */
export class Filler {
  readonly #draft: Draft;
  readonly #state: Uint8Array;
  /** Levels at which a connector leaves its minimum and reaches its maximum. */
  readonly #startLevel: Float64Array;
  readonly #endLevel: Float64Array;
  /** Growth per unit of level, and number of rising connectors, of each row. */
  readonly #slope: Float64Array;
  readonly #rising: Int32Array;
  /** Rows whose place in the heap is out of date. */
  readonly #touched: Uint8Array;
  readonly #touchedRows: Uint32Array;
  readonly #heap: RowHeap;
  readonly #carsOfRow: { start: Int32Array; car: Int32Array };

  constructor(draft: Draft) {
    const rowCount = draft.ledger.loadA.length;
    this.#draft = draft;
    this.#state = new Uint8Array(draft.currentA.length);
    this.#startLevel = new Float64Array(draft.currentA.length);
    this.#endLevel = new Float64Array(draft.currentA.length);
    this.#slope = new Float64Array(rowCount);
    this.#rising = new Int32Array(rowCount);
    this.#touched = new Uint8Array(rowCount);
    this.#touchedRows = new Uint32Array(rowCount);
    this.#heap = new RowHeap(rowCount);
    this.#carsOfRow = transpose(draft.ledger.incidence, rowCount);
  }

  /** Raises the active connectors among `first` … `last − 1` from the currents they have. */
  fill(first: number, last: number): void {
    const members = this.#members(first, last);
    if (members.length === 0) return;
    const { cars } = this.#draft.ledger.problem;
    const startLevel = this.#startLevel;
    const endLevel = this.#endLevel;
    for (let i = 0; i < members.length; i++) {
      const car = members[i]!;
      startLevel[car] = this.#draft.currentA[car]! / cars.weight[car]!;
      endLevel[car] = cars.maxA[car]! / cars.weight[car]!;
    }
    const starts = members;
    const ends = members.slice();
    sortByKey(starts, startLevel);
    sortByKey(ends, endLevel);
    this.#run(starts, ends);
    this.#heap.clear();
  }

  /** Those with anything to gain; the others are marked with what binds them. */
  #members(first: number, last: number): Uint32Array {
    const { ledger, currentA, binding } = this.#draft;
    const { cars } = ledger.problem;
    const members = new Uint32Array(last - first);
    let count = 0;
    for (let car = first; car < last; car++) {
      if (currentA[car] === 0 || cars.role[car] !== ROLE.requesting) continue;
      if (cars.maxA[car]! - currentA[car]! <= TOLERANCE_A) {
        binding[car] = BINDING.max;
        continue;
      }
      const row = this.#fullRow(car);
      if (row >= 0) {
        binding[car] = row;
        continue;
      }
      this.#state[car] = STATE.floor;
      members[count++] = car;
    }
    return members.subarray(0, count);
  }

  #fullRow(car: number): number {
    const { incidence, capacityA, loadA } = this.#draft.ledger;
    for (let i = incidence.start[car]!, end = incidence.start[car + 1]!; i < end; i++) {
      const row = incidence.row[i]!;
      if (capacityA[row]! - loadA[row]! <= TOLERANCE_A) return row;
    }
    return -1;
  }

  #run(starts: Uint32Array, ends: Uint32Array): void {
    const state = this.#state;
    const startLevel = this.#startLevel;
    const endLevel = this.#endLevel;
    const { maxA } = this.#draft.ledger.problem.cars;
    let level = startLevel[starts[0]!]!;
    let nextStart = 0;
    let nextEnd = 0;
    for (;;) {
      while (nextStart < starts.length && state[starts[nextStart]!] !== STATE.floor) nextStart++;
      while (nextEnd < ends.length && state[ends[nextEnd]!] === STATE.done) nextEnd++;
      if (nextEnd === ends.length) return;
      const startsAt = nextStart < starts.length ? startLevel[starts[nextStart]!]! : Number.POSITIVE_INFINITY;
      const endsAt = endLevel[ends[nextEnd]!]!;
      if (startsAt <= level) {
        this.#riseTogether(starts, nextStart, level);
        continue;
      }
      const fullAt = this.#nextFull();
      level = Math.max(level, Math.min(startsAt, endsAt, fullAt));
      if (fullAt <= startsAt && fullAt <= endsAt) this.#saturate(level);
      else if (endsAt < startsAt) this.#stop(ends[nextEnd]!, maxA[ends[nextEnd]!]!, BINDING.max);
    }
  }

  /** All who start at this level, so that each of their rows finds its place in the heap once. */
  #riseTogether(starts: Uint32Array, from: number, level: number): void {
    let touched = 0;
    for (let i = from; i < starts.length && this.#startLevel[starts[i]!]! <= level; i++) {
      if (this.#state[starts[i]!] === STATE.floor) touched = this.#rise(starts[i]!, touched);
    }
    const rows = this.#touchedRows.subarray(0, touched);
    const sorted = from === 0 && touched > MANY;
    if (sorted) this.#heap.start(rows.slice().sort(), (row) => this.#fullLevel(row));
    for (let i = 0; i < touched; i++) {
      this.#touched[rows[i]!] = 0;
      if (!sorted) this.#heap.set(rows[i]!, this.#fullLevel(rows[i]!));
    }
  }

  /** From its floor into the rising part of its rows. */
  #rise(car: number, touchedBefore: number): number {
    const { ledger, currentA } = this.#draft;
    const { loadA, incidence } = ledger;
    const { row, coefficient } = incidence;
    const slope = this.#slope;
    const rising = this.#rising;
    const isTouched = this.#touched;
    const floorA = currentA[car]!;
    const weight = ledger.problem.cars.weight[car]!;
    let touched = touchedBefore;
    this.#state[car] = STATE.rising;
    for (let i = incidence.start[car]!, end = incidence.start[car + 1]!; i < end; i++) {
      const r = row[i]!;
      loadA[r]! -= coefficient[i]! * floorA;
      slope[r]! += coefficient[i]! * weight;
      rising[r]!++;
      if (isTouched[r] === 1) continue;
      isTouched[r] = 1;
      this.#touchedRows[touched++] = r;
    }
    return touched;
  }

  #stop(car: number, currentA: number, binding: number): void {
    const { ledger } = this.#draft;
    const { loadA, incidence } = ledger;
    const { row, coefficient } = incidence;
    const slope = this.#slope;
    const rising = this.#rising;
    const weight = ledger.problem.cars.weight[car]!;
    this.#state[car] = STATE.done;
    this.#draft.currentA[car] = currentA;
    this.#draft.binding[car] = binding;
    for (let i = incidence.start[car]!, end = incidence.start[car + 1]!; i < end; i++) {
      const r = row[i]!;
      loadA[r]! += coefficient[i]! * currentA;
      const left = rising[r]! - 1;
      rising[r] = left;
      slope[r] = left === 0 ? 0 : slope[r]! - coefficient[i]! * weight;
    }
  }

  /** The row at the top is full: everything on it stays where it is. */
  #saturate(level: number): void {
    const full = this.#heap.top();
    this.#heap.removeTop();
    const { ledger, binding } = this.#draft;
    const { weight, minA, maxA } = ledger.problem.cars;
    const { start, car: members } = this.#carsOfRow;
    for (let i = start[full]!, end = start[full + 1]!; i < end; i++) {
      const car = members[i]!;
      if (this.#state[car] === STATE.rising) {
        this.#stop(car, Math.max(minA[car]!, Math.min(maxA[car]!, weight[car]! * level)), full);
      } else if (this.#state[car] === STATE.floor) {
        this.#state[car] = STATE.done;
        binding[car] = full;
      }
    }
  }

  /** Level at which the next row fills up; that row is then at the top of the heap. */
  #nextFull(): number {
    for (;;) {
      const row = this.#heap.top();
      if (row < 0) return Number.POSITIVE_INFINITY;
      if (this.#rising[row] === 0) {
        this.#heap.removeTop();
        continue;
      }
      const level = this.#fullLevel(row);
      if (level <= this.#heap.key(row)) return level;
      this.#heap.set(row, level);
    }
  }

  #fullLevel(row: number): number {
    const { capacityA, loadA } = this.#draft.ledger;
    return (capacityA[row]! - loadA[row]!) / this.#slope[row]!;
  }
}

function transpose(incidence: Incidence, rowCount: number): { start: Int32Array; car: Int32Array } {
  const start = new Int32Array(rowCount + 2);
  const { row: rows } = incidence;
  for (let i = 0; i < rows.length; i++) start[rows[i]! + 2]!++;
  for (let row = 2; row < start.length; row++) start[row]! += start[row - 1]!;
  const car = new Int32Array(incidence.row.length);
  for (let c = 0; c + 1 < incidence.start.length; c++) {
    for (let i = incidence.start[c]!; i < incidence.start[c + 1]!; i++) car[start[incidence.row[i]! + 1]!++] = c;
  }
  return { start, car };
}
