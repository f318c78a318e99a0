import type { Clock } from "../clock.ts";
import { dataBytes, keyOf, type ReadRequest } from "./transport.ts";

interface Given {
  functionCode: number;
  /** Of its reply: serial frames are told apart by nothing else. */
  bytes: number;
  atMs: number;
}

/** Later than this after the request no device is expected to answer it. */
const FORGET_AFTER_MS = 30_000;
/** A device that has answered something newer may, through a gateway, still answer so long after the request. */
const OVERTAKEN_AFTER_MS = 1000;
const MAX_COUNT = 125;
const ADDRESSES = 0x1_0000;

/**
 * Requests that were given up and whose replies may still come. Serial frames carry no ids: only unit, function and byte count tell a
 * late reply from the right one. So while one may come, its count is not asked for again: a few registers more are, or, of devices that
 * do not have them, first a few less, to see that the device is in step.
 */
export class Unanswered {
  readonly #clock: Clock;
  readonly #units = new Map<number, Given[]>();
  /** Whether the device gives more registers than this request wants, as far as it was tried. */
  readonly #givesMore = new Map<string, boolean>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a late reply of this unit may come. */
  has(unitId: number): boolean {
    return this.#of(unitId).length > 0;
  }

  /** This was asked for and given up. */
  add(request: ReadRequest): void {
    const { unitId, functionCode } = request;
    // A written coil is answered by its address and state: a late answer says the same.
    if (functionCode === 5) return;
    const given = { functionCode, bytes: dataBytes(request), atMs: this.#clock.nowMs() };
    this.#units.set(unitId, [...this.#of(unitId), given]);
  }

  /**
   * The unit has answered a newer request, and devices answer in the order they are asked.
   * @returns after how many ms no older request of the unit can be answered any more; 0 = none is open
   */
  overtaken(unitId: number): number {
    const nowMs = this.#clock.nowMs();
    const open = this.#of(unitId).filter(({ atMs }) => atMs > nowMs - OVERTAKEN_AFTER_MS);
    this.#units.set(unitId, open);
    return Math.max(0, ...open.map(({ atMs }) => atMs + OVERTAKEN_AFTER_MS - nowMs));
  }

  /** A late reply with so many bytes of values came. */
  answered(unitId: number, functionCode: number, bytes: number): void {
    const given = this.#of(unitId);
    const index = given.findIndex((one) => one.functionCode === functionCode && one.bytes === bytes);
    if (index >= 0) this.#units.set(unitId, given.toSpliced(index, 1));
  }

  /** More registers than this were asked for, and given or not. Silence alone says nothing of a device that gave them before. */
  triedMore(request: ReadRequest, result: "given" | "refused" | "silence"): void {
    const place = keyOf(request);
    if (result !== "silence") this.#givesMore.set(place, result === "given");
    else if (!this.#givesMore.has(place)) this.#givesMore.set(place, false);
  }

  /** How many registers to ask for instead, so that none can; null where no count is left. */
  safeCount(request: ReadRequest): number | null {
    const { unitId, functionCode, address, count } = request;
    const open = this.#of(unitId);
    const isSafe = (other: number): boolean =>
      !open.some((one) => one.functionCode === functionCode && one.bytes === dataBytes({ functionCode, count: other }));
    if (isSafe(count)) return count;
    if (this.#givesMore.get(keyOf(request)) !== false)
      for (let more = count + 1; more <= MAX_COUNT && address + more <= ADDRESSES; more++)
        if (isSafe(more)) return more;
    // Whole pairs first: many devices refuse to cut a value.
    for (const first of [count - 2, count - 1])
      for (let fewer = first; fewer > 0; fewer -= 2) if (isSafe(fewer)) return fewer;
    return null;
  }

  #of(unitId: number): Given[] {
    const given = this.#units.get(unitId);
    if (!given) return [];
    const afterMs = this.#clock.nowMs() - FORGET_AFTER_MS;
    const recent = given.filter(({ atMs }) => atMs > afterMs);
    if (recent.length === 0) this.#units.delete(unitId);
    return recent;
  }
}
