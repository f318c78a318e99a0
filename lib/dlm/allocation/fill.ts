import { type Cars, type ClassRange, ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { RowHeap } from "./row-heap.ts";
import { placesOfRows } from "./row-lists.ts";
import { TOLERANCE_A } from "./row-loads.ts";
import type { LimitRows } from "./rows.ts";
import { sorted } from "./sorted.ts";

/** Where a connector is on its way: it takes no part, waits at its minimum, rises with the level, or has stopped. */
const STATE = { absent: 0, waits: 1, rises: 2, stopped: 3 } as const;

/** What a fill keeps of each row, one behind the other, as they are needed together: places in `#onRows`. */
const CAPACITY_A = 0;
const LOAD_A = 1;
/** Growth per unit of level. */
const SLOPE = 2;
/** Number of rising connectors. */
const RISING = 3;
const PER_ROW = 4;

/**
 * Weighted max-min fair filling with floors (Bertsekas and Gallager's progressive filling): one level rises from the lowest
 * minimum; a connector's current is weight × level, once that is above its minimum, until it reaches its maximum or a row
 * it is on fills up.
 *
 * Rows wait in a heap on the level at which they would fill up. That level rises when a connector stops, so an entry may
 * be too low, which is found out when it comes to the top; when a connector starts, its rows come into the heap anew.
 */
export class Filler {
  readonly #draft: Draft;
  readonly #cars: Cars;
  readonly #rows: LimitRows;
  readonly #state: Uint8Array;
  /** How many have not stopped. */
  #left = 0;
  /** Levels at which a connector leaves its minimum and reaches its maximum. */
  readonly #startLevel: Float64Array;
  readonly #endLevel: Float64Array;
  /** `PER_ROW` values of each row; slopes and numbers are 0 again when a fill is over. */
  readonly #onRows: Float64Array;
  /** The connectors on each row that take part: where they begin and end, and they themselves. */
  readonly #rowStart: Int32Array;
  readonly #rowEnd: Int32Array;
  readonly #carsOnRows: Int32Array;
  readonly #heap: RowHeap;
  /** Rows whose level has fallen, as connectors have started on them. */
  readonly #touched: number[] = [];
  readonly #isTouched: Uint8Array;

  constructor(draft: Draft) {
    const { cars, rows } = draft.rowLoads.problem;
    this.#draft = draft;
    this.#cars = cars;
    this.#rows = rows;
    this.#state = new Uint8Array(cars.count);
    this.#startLevel = new Float64Array(cars.count);
    this.#endLevel = new Float64Array(cars.count);
    this.#rowStart = placesOfRows(rows.ofConnector, rows.count);
    this.#rowEnd = this.#rowStart.slice();
    this.#carsOnRows = new Int32Array(rows.ofConnector.items.length);
    this.#onRows = new Float64Array(PER_ROW * rows.count);
    this.#isTouched = new Uint8Array(rows.count);
    this.#heap = new RowHeap(rows.count);
  }

  /** Raises the active connectors from the currents they have, class by class. */
  fill(classes: readonly ClassRange[]): void {
    this.#readRows();
    for (const { first, last } of classes) this.#fillClass(this.#findMembers(first, last));
    this.#writeRows();
  }

  #fillClass(members: readonly number[]): void {
    this.#left = members.length;
    const [startLevel, endLevel, state] = [this.#startLevel, this.#endLevel, this.#state];
    const starts = sorted(members, startLevel);
    // Most have stopped before the first one reaches its maximum, so who comes next there is not worked out before.
    let ends: number[] | null = null;
    const firstEnd = members.reduce((least, car) => Math.min(least, endLevel[car]!), Number.POSITIVE_INFINITY);
    let level = startLevel[starts[0]!]!;
    let nextStart = 0;
    let nextEnd = 0;
    while (this.#left > 0) {
      while (nextStart < starts.length && state[starts[nextStart]!] === STATE.stopped) nextStart++;
      while (ends !== null && state[ends[nextEnd]!] === STATE.stopped) nextEnd++;
      const startsAt = nextStart < starts.length ? startLevel[starts[nextStart]!]! : Number.POSITIVE_INFINITY;
      if (startsAt <= level) {
        for (; nextStart < starts.length && startLevel[starts[nextStart]!]! <= level; nextStart++)
          this.#start(starts[nextStart]!);
        this.#moveTouched();
        continue;
      }
      const endsAt = ends === null ? firstEnd : endLevel[ends[nextEnd]!]!;
      const fullAt = this.#nextFull();
      const isFullFirst = fullAt <= startsAt && fullAt <= endsAt;
      if (!isFullFirst && ends === null && endsAt < startsAt) {
        ends = sorted(
          members.filter((car) => state[car] !== STATE.stopped),
          endLevel,
        );
        continue;
      }
      level = Math.max(level, Math.min(startsAt, endsAt, fullAt));
      if (isFullFirst) this.#saturate(level);
      else if (endsAt < startsAt) this.#stop(ends![nextEnd]!, endsAt, BINDING.max);
    }
  }

  #readRows(): void {
    const { capacityA, loadA } = this.#draft.rowLoads;
    for (let row = 0; row < loadA.length; row++) {
      this.#onRows[PER_ROW * row + CAPACITY_A] = capacityA[row]!;
      this.#onRows[PER_ROW * row + LOAD_A] = loadA[row]!;
    }
  }

  #writeRows(): void {
    const { loadA } = this.#draft.rowLoads;
    for (let row = 0; row < loadA.length; row++) loadA[row] = this.#onRows[PER_ROW * row + LOAD_A]!;
  }

  /** Connectors with anything to gain; the others are marked with what binds them. */
  #findMembers(first: number, last: number): number[] {
    const { currentA, binding } = this.#draft;
    const { role, maxA, weight } = this.#cars;
    const members: number[] = [];
    this.#rowEnd.set(this.#rowStart);
    for (let car = first; car < last; car++) {
      const nowA = currentA[car]!;
      if (nowA === 0 || role[car] !== ROLE.requesting) continue;
      binding[car] = maxA[car]! - nowA <= TOLERANCE_A ? BINDING.max : this.#enter(car);
      this.#state[car] = binding[car] === BINDING.none ? STATE.waits : STATE.stopped;
      if (this.#state[car] === STATE.stopped) continue;
      members.push(car);
      this.#startLevel[car] = nowA / weight[car]!;
      this.#endLevel[car] = maxA[car]! / weight[car]!;
    }
    return members;
  }

  /** Adds a connector to those on each of its rows, up to the first one that is full. @returns that row, or none */
  #enter(car: number): number {
    const onRows = this.#onRows;
    const { start, items } = this.#rows.ofConnector;
    for (let i = start[car]!; i < start[car + 1]!; i++) {
      const row = items[i]!;
      if (onRows[PER_ROW * row + CAPACITY_A]! - onRows[PER_ROW * row + LOAD_A]! <= TOLERANCE_A) return row;
      this.#carsOnRows[this.#rowEnd[row]!++] = car;
    }
    return BINDING.none;
  }

  /** It begins to rise: from its minimum, which its rows hold already. */
  #start(car: number): void {
    if (this.#state[car] === STATE.stopped) return;
    this.#state[car] = STATE.rises;
    const { isPower, ofConnector } = this.#rows;
    const onRows = this.#onRows;
    const isTouched = this.#isTouched;
    const currentA = this.#draft.currentA[car]!;
    const weight = this.#cars.weight[car]!;
    const phaseCount = this.#cars.phaseCount[car]!;
    const end = ofConnector.start[car + 1]!;
    for (let i = ofConnector.start[car]!; i < end; i++) {
      const row = ofConnector.items[i]!;
      const coefficient = isPower[row] === 1 ? phaseCount : 1;
      const at = PER_ROW * row;
      onRows[at + LOAD_A]! -= coefficient * currentA;
      onRows[at + SLOPE]! += coefficient * weight;
      onRows[at + RISING]!++;
      if (isTouched[row] === 1) continue;
      isTouched[row] = 1;
      this.#touched.push(row);
    }
  }

  /** Puts the rows of those that have started to their new places in the heap. */
  #moveTouched(): void {
    for (const row of this.#touched) {
      this.#isTouched[row] = 0;
      this.#heap.set(row, this.#fullLevel(row));
    }
    this.#touched.length = 0;
  }

  /** The row at the top is full: everything on it stays where it is. */
  #saturate(level: number): void {
    const row = this.#heap.top();
    this.#heap.removeTop();
    for (let i = this.#rowStart[row]!; i < this.#rowEnd[row]!; i++) {
      const car = this.#carsOnRows[i]!;
      if (this.#state[car] !== STATE.stopped) this.#stop(car, level, row);
    }
  }

  /** It stays where it is at this level, and this is what binds it: its rows hold what it has, and rise no more for it. */
  #stop(car: number, level: number, bound: number): void {
    const wasRising = this.#state[car] === STATE.rises;
    this.#draft.binding[car] = bound;
    this.#state[car] = STATE.stopped;
    this.#left--;
    if (!wasRising) return;
    const { isPower, ofConnector } = this.#rows;
    const onRows = this.#onRows;
    const weight = this.#cars.weight[car]!;
    const maxA = this.#cars.maxA[car]!;
    const reachedA = bound === BINDING.max ? maxA : weight * level;
    const currentA = Math.max(this.#cars.minA[car]!, Math.min(maxA, reachedA));
    this.#draft.currentA[car] = currentA;
    const phaseCount = this.#cars.phaseCount[car]!;
    const end = ofConnector.start[car + 1]!;
    for (let i = ofConnector.start[car]!; i < end; i++) {
      const row = ofConnector.items[i]!;
      const coefficient = isPower[row] === 1 ? phaseCount : 1;
      const at = PER_ROW * row;
      const left = onRows[at + RISING]! - 1;
      onRows[at + LOAD_A]! += coefficient * currentA;
      onRows[at + RISING] = left;
      // Where none rises any more nothing may be left of what was added and taken away.
      onRows[at + SLOPE] = left === 0 ? 0 : onRows[at + SLOPE]! - coefficient * weight;
    }
  }

  /** Level at which the next row fills up; that row is then at the top of the heap. */
  #nextFull(): number {
    for (let row = this.#heap.top(); row >= 0; row = this.#heap.top()) {
      if (this.#onRows[PER_ROW * row + RISING] === 0) {
        this.#heap.removeTop();
        continue;
      }
      const level = this.#fullLevel(row);
      if (level <= this.#heap.topLevel()) return level;
      this.#heap.set(row, level);
    }
    return Number.POSITIVE_INFINITY;
  }

  #fullLevel(row: number): number {
    const at = PER_ROW * row;
    const roomA = this.#onRows[at + CAPACITY_A]! - this.#onRows[at + LOAD_A]!;
    return roomA / this.#onRows[at + SLOPE]!;
  }
}
