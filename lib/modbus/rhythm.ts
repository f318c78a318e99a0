import type { Clock, Timer } from "../clock.ts";

/** One device's place in the rhythm of its line. */
export interface Beat {
  /** No tick comes after this; the others of the same period spread over the time that is freed. Safe to call twice. */
  stop(): void;
}

interface Member {
  group: Group;
  tick: () => boolean;
  timer: Timer | undefined;
  lastMs: number;
}

interface Group {
  periodMs: number;
  epochMs: number;
  members: Member[];
}

/**
 * When device `index` of `count` starts within the period, so that all together load the line evenly.
 * @param offset of the line among others, 0 to 1, so that the lines of one process do not all start together
 */
export function phaseMs(index: number, count: number, periodMs: number, offset = 0): number {
  return ((offset + index / count) % 1) * periodMs;
}

/** The first moment from `fromMs` on that lies a whole number of periods after `originMs`. */
export function nextBeatMs(originMs: number, periodMs: number, fromMs: number): number {
  return originMs + Math.max(0, Math.ceil((fromMs - originMs) / periodMs)) * periodMs;
}

/**
 * Fixed phases instead of bursts: of n devices with the same period on one line, device i starts at i × period / n. Ticks follow the
 * clock, not each other, so that nothing drifts; one that falls due while the device is still busy is left out and counted.
 */
export class Rhythm {
  readonly #clock: Clock;
  readonly #offset: number;
  readonly #groups = new Map<number, Group>();
  #skipped = 0;

  /** @param offset of this line among others, 0 to 1 */
  constructor(clock: Clock, offset = 0) {
    this.#clock = clock;
    this.#offset = offset;
  }

  /** Ticks left out since the start: the device was still busy, or this process was. */
  get skipped(): number {
    return this.#skipped;
  }

  /**
   * Calls `tick` once per period in a phase of its own; the first time within one period, for a device that is alone at once (on the
   * next turn of the clock). `tick` must not throw; it returns whether a cycle began: false = the one before still runs.
   */
  join(periodMs: number, tick: () => boolean): Beat {
    const group = this.#groups.get(periodMs) ?? { periodMs, epochMs: this.#clock.nowMs(), members: [] };
    this.#groups.set(periodMs, group);
    const member: Member = { group, tick, timer: undefined, lastMs: Number.NEGATIVE_INFINITY };
    group.members.push(member);
    this.#spread(group);
    return { stop: () => this.#leave(member) };
  }

  /** Ends all ticks. */
  stop(): void {
    for (const { members } of this.#groups.values()) for (const { timer } of members) this.#clock.clear(timer);
    this.#groups.clear();
  }

  #leave(member: Member): void {
    const { group } = member;
    this.#clock.clear(member.timer);
    const index = group.members.indexOf(member);
    if (index < 0) return;
    group.members.splice(index, 1);
    if (group.members.length === 0 && this.#groups.get(group.periodMs) === group) this.#groups.delete(group.periodMs);
    this.#spread(group);
  }

  #spread(group: Group): void {
    for (const member of group.members) this.#arm(member);
  }

  /** A phase that moves must not tick twice within half a period. */
  #arm(member: Member): void {
    const { periodMs, epochMs, members } = member.group;
    const nowMs = this.#clock.nowMs();
    const originMs = epochMs + phaseMs(members.indexOf(member), members.length, periodMs, this.#offset);
    const isFirst = members.length === 1 && member.lastMs === Number.NEGATIVE_INFINITY;
    const dueMs = isFirst ? nowMs : nextBeatMs(originMs, periodMs, Math.max(nowMs, member.lastMs + periodMs / 2));
    this.#clock.clear(member.timer);
    member.timer = this.#clock.setTimeout(() => this.#due(member, dueMs), dueMs - nowMs);
  }

  #due(member: Member, dueMs: number): void {
    const { periodMs } = member.group;
    const nowMs = this.#clock.nowMs();
    this.#skipped += Math.max(0, Math.floor((nowMs - dueMs) / periodMs));
    member.lastMs = Math.max(dueMs, nextBeatMs(dueMs, periodMs, nowMs - periodMs));
    if (!member.tick()) this.#skipped++;
    if (member.group.members.includes(member)) this.#arm(member);
  }
}
