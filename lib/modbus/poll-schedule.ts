import type { Clock, Timer } from "../clock.ts";

/** One device's place in the poll schedule of its line. */
export interface ScheduledPoll {
  /** Ends the polls of this device; the others with the same period spread over the time that is freed. Safe to call twice. */
  stop(): void;
}

interface Member {
  /** All that are polled with this period, this one among them. */
  group: Member[];
  periodMs: number;
  poll: () => boolean;
  timer: Timer | undefined;
  lastMs: number;
}

/** Lines begin their periods at common moments, so far apart: waking up costs the process more than reading a meter. */
const COMMON_MOMENT_MS = 250;

/**
 * When device `index` of `count` is polled within the period, so that all together load the line evenly.
 * @param offset of the line among others, 0 to 1, so that the lines of one process do not all start together
 */
export function phaseMs(index: number, count: number, periodMs: number, offset = 0): number {
  const lineMs = Math.round((offset * periodMs) / COMMON_MOMENT_MS) * COMMON_MOMENT_MS;
  return (lineMs + (index / count) * periodMs) % periodMs;
}

/** The first moment from `fromMs` on that lies a whole number of periods after `originMs`. */
export function nextPollMs(originMs: number, periodMs: number, fromMs: number): number {
  return originMs + Math.max(0, Math.ceil((fromMs - originMs) / periodMs)) * periodMs;
}

/**
 * When each device of a line is polled: of n devices with the same period, device i at i × period / n. Polls follow the clock, not
 * each other, so that nothing drifts. A poll that falls due while the device is still busy is left out and counted.
 */
export class PollSchedule {
  readonly #clock: Clock;
  readonly #offset: number;
  readonly #groups = new Map<number, Member[]>();
  #skipped = 0;

  /** @param offset of this line among others, 0 to 1 */
  constructor(clock: Clock, offset = 0) {
    this.#clock = clock;
    this.#offset = offset;
  }

  /** Polls left out since the start: the device was still busy, or this process was. */
  get skipped(): number {
    return this.#skipped;
  }

  /**
   * Calls `poll` once per period in a phase of its own; the first time within one period, for a device that is alone at once (on the
   * next turn of the clock). `poll` must not throw; it returns whether a cycle began: false = the one before still runs.
   */
  join(periodMs: number, poll: () => boolean): ScheduledPoll {
    const group = this.#groups.get(periodMs) ?? [];
    this.#groups.set(periodMs, group);
    const member: Member = { group, periodMs, poll, timer: undefined, lastMs: Number.NEGATIVE_INFINITY };
    group.push(member);
    for (const other of group) this.#arm(other);
    return { stop: () => this.#leave(member) };
  }

  /** Ends all polls. */
  stop(): void {
    for (const group of this.#groups.values()) for (const { timer } of group.splice(0)) this.#clock.clear(timer);
    this.#groups.clear();
  }

  #leave(member: Member): void {
    const { group } = member;
    const index = group.indexOf(member);
    if (index < 0) return;
    this.#clock.clear(member.timer);
    group.splice(index, 1);
    for (const other of group) this.#arm(other);
  }

  /** A device whose phase moves is not polled twice within half a period. */
  #arm(member: Member): void {
    const { group, periodMs, lastMs } = member;
    const nowMs = this.#clock.nowMs();
    const isFirst = group.length === 1 && lastMs === Number.NEGATIVE_INFINITY;
    const originMs = phaseMs(group.indexOf(member), group.length, periodMs, this.#offset);
    const dueMs = isFirst ? nowMs : nextPollMs(originMs, periodMs, Math.max(nowMs, lastMs + periodMs / 2));
    this.#clock.clear(member.timer);
    member.timer = this.#clock.setTimeout(() => this.#due(member, dueMs), dueMs - nowMs);
  }

  #due(member: Member, dueMs: number): void {
    const { periodMs } = member;
    const nowMs = this.#clock.nowMs();
    this.#skipped += Math.max(0, Math.floor((nowMs - dueMs) / periodMs));
    member.lastMs = Math.max(dueMs, nextPollMs(dueMs, periodMs, nowMs - periodMs));
    if (!member.poll()) this.#skipped++;
    if (member.group.includes(member)) this.#arm(member);
  }
}
