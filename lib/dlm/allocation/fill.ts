import { ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { RowHeap } from "./row-heap.ts";
import { coefficientOf } from "./row-lists.ts";
import { TOLERANCE_A } from "./row-loads.ts";

/** Where a connector is on its way: it takes no part, waits at its minimum, rises with the level, or has stopped. */
const STATE = { absent: 0, waits: 1, rises: 2, stopped: 3 } as const;

/**
 * Weighted max-min fair filling with floors (Bertsekas and Gallager's progressive filling) of the active connectors among
 * `first` … `last − 1`, from the currents they have: one level rises from the lowest minimum; a connector's current is
 * weight × level, once that is above its minimum, until it reaches its maximum or a row it is on fills up.
 */
export function fill(draft: Draft, first: number, last: number): void {
  new Filling(draft).run(first, last);
}

/**
 * Rows wait in a heap on the level at which they would fill up. That level rises when a connector stops, so an entry may
 * be too low, which is found out when it comes to the top; when a connector starts, its rows come into the heap anew.
 */
class Filling {
  readonly #draft: Draft;
  readonly #state: Uint8Array;
  /** Levels at which a connector leaves its minimum and reaches its maximum. */
  readonly #startLevel: Float64Array;
  readonly #endLevel: Float64Array;
  /** Growth per unit of level, and number of rising connectors, of each row. */
  readonly #slope: Float64Array;
  readonly #rising: Int32Array;
  readonly #carsOnRow: (number[] | undefined)[];
  readonly #heap: RowHeap;
  /** Rows whose level has fallen, as connectors have started on them. */
  readonly #touched: number[] = [];
  readonly #isTouched: Uint8Array;

  constructor(draft: Draft) {
    const rowCount = draft.rowLoads.loadA.length;
    const carCount = draft.currentA.length;
    this.#draft = draft;
    this.#state = new Uint8Array(carCount);
    this.#startLevel = new Float64Array(carCount);
    this.#endLevel = new Float64Array(carCount);
    this.#slope = new Float64Array(rowCount);
    this.#rising = new Int32Array(rowCount);
    this.#carsOnRow = new Array(rowCount).fill(undefined);
    this.#isTouched = new Uint8Array(rowCount);
    this.#heap = new RowHeap(rowCount);
  }

  run(first: number, last: number): void {
    const members = this.#findMembers(first, last);
    const [startLevel, endLevel, state] = [this.#startLevel, this.#endLevel, this.#state];
    const starts = members.toSorted((a, b) => startLevel[a]! - startLevel[b]!);
    const ends = members.toSorted((a, b) => endLevel[a]! - endLevel[b]!);
    let level = startLevel[starts[0]!]!;
    let nextStart = 0;
    let nextEnd = 0;
    for (;;) {
      while (nextStart < starts.length && state[starts[nextStart]!] === STATE.stopped) nextStart++;
      while (nextEnd < ends.length && state[ends[nextEnd]!] === STATE.stopped) nextEnd++;
      if (nextEnd === ends.length) return;
      const startsAt = nextStart < starts.length ? startLevel[starts[nextStart]!]! : Number.POSITIVE_INFINITY;
      const endsAt = endLevel[ends[nextEnd]!]!;
      if (startsAt <= level) {
        for (; nextStart < starts.length && startLevel[starts[nextStart]!]! <= level; nextStart++)
          this.#start(starts[nextStart]!);
        this.#place();
        continue;
      }
      const fullAt = this.#nextFull();
      level = Math.max(level, Math.min(startsAt, endsAt, fullAt));
      if (fullAt <= startsAt && fullAt <= endsAt) this.#saturate(level);
      else if (endsAt < startsAt) this.#stop(ends[nextEnd]!, endsAt, BINDING.max);
    }
  }

  /** Connectors with anything to gain; the others are marked with what binds them. */
  #findMembers(first: number, last: number): number[] {
    const { rowLoads, currentA, binding } = this.#draft;
    const { cars, rows } = rowLoads.problem;
    const members: number[] = [];
    for (let car = first; car < last; car++) {
      const nowA = currentA[car]!;
      if (nowA === 0 || cars.role[car] !== ROLE.requesting) continue;
      binding[car] = cars.maxA[car]! - nowA <= TOLERANCE_A ? BINDING.max : this.#fullRowOf(car);
      if (binding[car] !== BINDING.none) continue;
      members.push(car);
      this.#state[car] = STATE.waits;
      this.#startLevel[car] = nowA / cars.weight[car]!;
      this.#endLevel[car] = cars.maxA[car]! / cars.weight[car]!;
      for (const row of rows.ofConnector[car]!) {
        const others = this.#carsOnRow[row];
        if (others) others.push(car);
        else this.#carsOnRow[row] = [car];
      }
    }
    return members;
  }

  #fullRowOf(car: number): number {
    const { capacityA, loadA, problem } = this.#draft.rowLoads;
    for (const row of problem.rows.ofConnector[car]!) if (capacityA[row]! - loadA[row]! <= TOLERANCE_A) return row;
    return BINDING.none;
  }

  /** It begins to rise: from its minimum, which its rows hold already. */
  #start(car: number): void {
    if (this.#state[car] === STATE.stopped) return;
    const { currentA, rowLoads } = this.#draft;
    this.#state[car] = STATE.rises;
    this.#change(car, 1, -currentA[car]!);
    for (const row of rowLoads.problem.rows.ofConnector[car]!) {
      if (this.#isTouched[row] === 1) continue;
      this.#isTouched[row] = 1;
      this.#touched.push(row);
    }
  }

  /** Moves the rows of those that have started. */
  #place(): void {
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
    for (const car of this.#carsOnRow[row]!) if (this.#state[car] !== STATE.stopped) this.#stop(car, level, row);
  }

  #stop(car: number, level: number, binding: number): void {
    const { rowLoads, currentA, binding: bindings } = this.#draft;
    const { minA, maxA, weight } = rowLoads.problem.cars;
    bindings[car] = binding;
    if (this.#state[car] === STATE.rises) {
      const reachedA = binding === BINDING.max ? maxA[car]! : weight[car]! * level;
      currentA[car] = Math.max(minA[car]!, Math.min(maxA[car]!, reachedA));
      this.#change(car, -1, currentA[car]!);
    }
    this.#state[car] = STATE.stopped;
  }

  /** It rises from now on (1) or no more (-1), and its rows carry so much more of what does not rise, A per phase. */
  #change(car: number, count: 1 | -1, currentA: number): void {
    const { loadA, problem } = this.#draft.rowLoads;
    const { cars, rows } = problem;
    const [rising, slope] = [this.#rising, this.#slope];
    const phaseCount = cars.phaseCount[car]!;
    const weight = count * cars.weight[car]!;
    for (const row of rows.ofConnector[car]!) {
      const coefficient = coefficientOf(row, phaseCount, rows);
      loadA[row]! += coefficient * currentA;
      rising[row]! += count;
      // Where none rises any more nothing may be left of what was added and taken away.
      slope[row] = rising[row] === 0 ? 0 : slope[row]! + coefficient * weight;
    }
  }

  /** Level at which the next row fills up; that row is then at the top of the heap. */
  #nextFull(): number {
    for (let row = this.#heap.top(); row >= 0; row = this.#heap.top()) {
      if (this.#rising[row] === 0) {
        this.#heap.removeTop();
        continue;
      }
      const level = this.#fullLevel(row);
      if (level <= this.#heap.level(row)) return level;
      this.#heap.set(row, level);
    }
    return Number.POSITIVE_INFINITY;
  }

  #fullLevel(row: number): number {
    const { capacityA, loadA } = this.#draft.rowLoads;
    return (capacityA[row]! - loadA[row]!) / this.#slope[row]!;
  }
}
