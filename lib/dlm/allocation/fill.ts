import { ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { RowHeap } from "./heap.ts";
import type { Incidence } from "./incidence.ts";
import { sortByKey } from "./order.ts";
import { TOLERANCE_A } from "./row-loads.ts";
import { bytes, doubles, indices, integers } from "./scratch.ts";

/** More rows than this are sorted, not inserted one by one. */
const MANY = 32;

/** What a list of rows is during a fill: no connector with this list takes part, all of its rows have room, or a row is full. */
const USE = { none: 0, open: 1, full: 2 } as const;

const SPACE = {
  startLevel: doubles(),
  endLevel: doubles(),
  slope: doubles(),
  rising: integers(),
  touched: bytes(),
  touchedRows: indices(),
  use: bytes(),
  weight: doubles(),
  risingOnList: integers(),
  fullRow: integers(),
  fullLevel: doubles(),
  joining: indices(),
  joiningA: doubles(),
  joiningWeight: doubles(),
  joiningCount: integers(),
  rowStart: integers(),
  listOfRow: integers(),
};

/**
 * Weighted max-min fair filling with floors (Bertsekas and Gallager's progressive filling): one level rises from the
 * lowest minimum; a connector's current is weight × level, once that is above its minimum, until it reaches its
 * maximum or a row it is on fills up. Those that share a list of rows are stopped together, so what they add to their
 * rows is added list by list. Rows wait in a heap on the level at which they would fill up. That level can only grow
 * when a connector stops rising, so a stale key is found out when it comes to the top.
 */
export class Filler {
  readonly #draft: Draft;
  /** Levels at which a connector leaves its minimum and reaches its maximum. */
  readonly #startLevel: Float64Array;
  readonly #endLevel: Float64Array;
  readonly #lists: Lists;
  /** Growth per unit of level, and number of rising connectors, of each row. */
  readonly #slope: Float64Array;
  readonly #rising: Int32Array;
  /** Rows whose place in the heap is out of date. */
  readonly #touched: Uint8Array;
  readonly #touchedRows: Uint32Array;
  readonly #heap: RowHeap;
  readonly #listsOfRow: { start: Int32Array; list: Int32Array };

  constructor(draft: Draft) {
    const { loadA, incidence } = draft.rowLoads;
    this.#draft = draft;
    this.#startLevel = SPACE.startLevel.take(draft.currentA.length);
    this.#endLevel = SPACE.endLevel.take(draft.currentA.length);
    this.#lists = takeLists(incidence.start.length);
    this.#slope = SPACE.slope.take(loadA.length);
    this.#rising = SPACE.rising.take(loadA.length);
    this.#touched = SPACE.touched.take(loadA.length);
    this.#touchedRows = SPACE.touchedRows.take(loadA.length);
    this.#heap = new RowHeap(loadA.length);
    this.#listsOfRow = transpose(incidence, loadA.length);
  }

  /** Raises the active connectors among `first` … `last − 1` from the currents they have. */
  fill(first: number, last: number): void {
    const members = this.#members(first, last);
    if (members.length === 0) return;
    const { currentA, rowLoads } = this.#draft;
    const { maxA, weight } = rowLoads.problem.cars;
    for (let i = 0; i < members.length; i++) {
      const car = members[i]!;
      this.#startLevel[car] = currentA[car]! / weight[car]!;
      this.#endLevel[car] = maxA[car]! / weight[car]!;
    }
    const starts = members.slice();
    const ends = members.slice();
    sortByKey(starts, this.#startLevel);
    sortByKey(ends, this.#endLevel);
    this.#run(starts, ends);
    this.#settle(members);
    this.#heap.clear();
  }

  /** Connectors with anything to gain; the others are marked with what binds them. */
  #members(first: number, last: number): Uint32Array {
    const { rowLoads, currentA, binding } = this.#draft;
    const { list: listOf } = rowLoads.incidence;
    const { role, maxA } = rowLoads.problem.cars;
    const { use, fullRow } = this.#lists;
    const members = new Uint32Array(last - first);
    let count = 0;
    use.fill(USE.none);
    for (let car = first; car < last; car++) {
      if (currentA[car] === 0 || role[car] !== ROLE.requesting) continue;
      if (maxA[car]! - currentA[car]! <= TOLERANCE_A) {
        binding[car] = BINDING.max;
        continue;
      }
      const list = listOf[car]!;
      if (use[list] === USE.none) this.#open(list);
      binding[car] = use[list] === USE.full ? fullRow[list]! : BINDING.none;
      if (use[list] === USE.open) members[count++] = car;
    }
    return members.subarray(0, count);
  }

  #open(list: number): void {
    const { capacityA, loadA, incidence } = this.#draft.rowLoads;
    const { use, fullRow, weight, rising } = this.#lists;
    use[list] = USE.open;
    weight[list] = 0;
    rising[list] = 0;
    for (let i = incidence.start[list]!, end = incidence.end[list]!; i < end; i++) {
      const row = incidence.row[i]!;
      if (capacityA[row]! - loadA[row]! > TOLERANCE_A) continue;
      use[list] = USE.full;
      fullRow[list] = row;
      return;
    }
  }

  #run(starts: Uint32Array, ends: Uint32Array): void {
    const { list: listOf } = this.#draft.rowLoads.incidence;
    const { use } = this.#lists;
    let level = this.#startLevel[starts[0]!]!;
    let nextStart = 0;
    let nextEnd = 0;
    for (;;) {
      while (nextStart < starts.length && use[listOf[starts[nextStart]!]!] === USE.full) nextStart++;
      while (nextEnd < ends.length && use[listOf[ends[nextEnd]!]!] === USE.full) nextEnd++;
      if (nextEnd === ends.length) return;
      const startsAt = nextStart < starts.length ? this.#startLevel[starts[nextStart]!]! : Number.POSITIVE_INFINITY;
      const endsAt = this.#endLevel[ends[nextEnd]!]!;
      if (startsAt <= level) {
        nextStart = this.#riseTogether(starts, nextStart, level);
        continue;
      }
      const fullAt = this.#nextFull();
      level = Math.max(level, Math.min(startsAt, endsAt, fullAt));
      if (fullAt <= startsAt && fullAt <= endsAt) this.#saturate(level);
      else if (endsAt < startsAt) this.#reachMax(ends[nextEnd++]!);
    }
  }

  /** Starts all connectors of this level at once, so that each of their rows is put into the heap once. @returns the next to start */
  #riseTogether(starts: Uint32Array, from: number, level: number): number {
    const { currentA, rowLoads } = this.#draft;
    const { list: listOf } = rowLoads.incidence;
    const { weight } = rowLoads.problem.cars;
    const { use, joining, joiningA, joiningWeight, joiningCount } = this.#lists;
    let next = from;
    let joined = 0;
    for (; next < starts.length && this.#startLevel[starts[next]!]! <= level; next++) {
      const car = starts[next]!;
      const list = listOf[car]!;
      if (use[list] === USE.full) continue;
      if (joiningCount[list]!++ === 0) joining[joined++] = list;
      joiningA[list]! += currentA[car]!;
      joiningWeight[list]! += weight[car]!;
    }
    let touched = 0;
    for (let i = 0; i < joined; i++) touched = this.#join(joining[i]!, touched);
    this.#place(this.#touchedRows.subarray(0, touched), from === 0);
    return next;
  }

  /** Connectors that start join the rising ones of their list: from their floors into the rising part of their rows. */
  #join(list: number, touchedBefore: number): number {
    const { loadA, incidence } = this.#draft.rowLoads;
    const { row, coefficient } = incidence;
    const { weight, rising, joiningA, joiningWeight, joiningCount } = this.#lists;
    const slope = this.#slope;
    const floorA = joiningA[list]!;
    const addedWeight = joiningWeight[list]!;
    const count = joiningCount[list]!;
    let touched = touchedBefore;
    for (let i = incidence.start[list]!, end = incidence.end[list]!; i < end; i++) {
      const r = row[i]!;
      loadA[r]! -= coefficient[i]! * floorA;
      slope[r]! += coefficient[i]! * addedWeight;
      this.#rising[r]! += count;
      if (this.#touched[r] === 1) continue;
      this.#touched[r] = 1;
      this.#touchedRows[touched++] = r;
    }
    weight[list]! += addedWeight;
    rising[list]! += count;
    joiningA[list] = 0;
    joiningWeight[list] = 0;
    joiningCount[list] = 0;
    return touched;
  }

  /** Puts the touched rows in their places in the heap; the many rows of the first call all at once, in the order of their numbers. */
  #place(rows: Uint32Array, first: boolean): void {
    const touched = this.#touched;
    if (!first || rows.length <= MANY) {
      for (let i = 0; i < rows.length; i++) this.#heap.set(rows[i]!, this.#fullLevel(rows[i]!));
    } else {
      const sorted = new Uint32Array(rows.length);
      for (let row = 0, i = 0; row < touched.length; row++) if (touched[row] === 1) sorted[i++] = row;
      this.#heap.start(sorted, (row) => this.#fullLevel(row));
    }
    for (let i = 0; i < rows.length; i++) touched[rows[i]!] = 0;
  }

  #reachMax(car: number): void {
    const { rowLoads, currentA, binding } = this.#draft;
    const { maxA, weight } = rowLoads.problem.cars;
    currentA[car] = maxA[car]!;
    binding[car] = BINDING.max;
    this.#stop(rowLoads.incidence.list[car]!, 1, weight[car]!, maxA[car]!);
  }

  /** The row at the top is full: everything on it stays where it is. */
  #saturate(level: number): void {
    const full = this.#heap.top();
    this.#heap.removeTop();
    const { use, fullRow, fullLevel, rising, weight } = this.#lists;
    const { start, list: lists } = this.#listsOfRow;
    for (let i = start[full]!, end = start[full + 1]!; i < end; i++) {
      const list = lists[i]!;
      if (use[list] !== USE.open) continue;
      use[list] = USE.full;
      fullRow[list] = full;
      fullLevel[list] = level;
      if (rising[list]! > 0) this.#stop(list, rising[list]!, weight[list]!, weight[list]! * level);
    }
  }

  /** `count` connectors of a list, of this weight together, rise no further and draw `currentA` together. */
  #stop(list: number, count: number, weight: number, currentA: number): void {
    const { loadA, incidence } = this.#draft.rowLoads;
    const { row, coefficient } = incidence;
    const slope = this.#slope;
    const rising = this.#rising;
    for (let i = incidence.start[list]!, end = incidence.end[list]!; i < end; i++) {
      const r = row[i]!;
      loadA[r]! += coefficient[i]! * currentA;
      const left = rising[r]! - count;
      rising[r] = left;
      slope[r] = left === 0 ? 0 : slope[r]! - coefficient[i]! * weight;
    }
    const left = this.#lists.rising[list]! - count;
    this.#lists.rising[list] = left;
    this.#lists.weight[list] = left === 0 ? 0 : this.#lists.weight[list]! - weight;
  }

  /** Currents of the connectors that a row has stopped. */
  #settle(members: Uint32Array): void {
    const { rowLoads, currentA, binding } = this.#draft;
    const { list: listOf } = rowLoads.incidence;
    const { weight, minA, maxA } = rowLoads.problem.cars;
    const { fullRow, fullLevel } = this.#lists;
    for (let i = 0; i < members.length; i++) {
      const car = members[i]!;
      if (binding[car] === BINDING.max) continue;
      const list = listOf[car]!;
      currentA[car] = Math.max(minA[car]!, Math.min(maxA[car]!, weight[car]! * fullLevel[list]!));
      binding[car] = fullRow[list]!;
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
    const { capacityA, loadA } = this.#draft.rowLoads;
    return (capacityA[row]! - loadA[row]!) / this.#slope[row]!;
  }
}

/** Lists of rows as columns, and those that connectors join at one level. */
function takeLists(count: number) {
  const { use, weight, risingOnList, fullRow, fullLevel, joining, joiningA, joiningWeight, joiningCount } = SPACE;
  return {
    use: use.take(count),
    /** Sum of the weights, and number, of the rising connectors. */
    weight: weight.take(count),
    rising: risingOnList.take(count),
    /** The row that is full, and the level at which it became so. */
    fullRow: fullRow.take(count),
    fullLevel: fullLevel.take(count),
    joining: joining.take(count),
    joiningA: joiningA.take(count),
    joiningWeight: joiningWeight.take(count),
    joiningCount: joiningCount.take(count),
  };
}

type Lists = ReturnType<typeof takeLists>;

function transpose(incidence: Incidence, rowCount: number): { start: Int32Array; list: Int32Array } {
  const { start: listStart, end: listEnd, row: rows } = incidence;
  const start = SPACE.rowStart.take(rowCount + 2);
  for (let l = 0; l < listStart.length; l++) {
    for (let i = listStart[l]!; i < listEnd[l]!; i++) start[rows[i]! + 2]!++;
  }
  for (let row = 2; row < start.length; row++) start[row]! += start[row - 1]!;
  const list = SPACE.listOfRow.take(start[rowCount + 1]!);
  for (let l = 0; l < listStart.length; l++) {
    for (let i = listStart[l]!; i < listEnd[l]!; i++) list[start[rows[i]! + 1]!++] = l;
  }
  return { start, list };
}
