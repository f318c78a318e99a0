import type { Clock } from "../../clock.ts";
import { Allowance, FairQueue } from "./fair-queue.ts";

/** What one kind of peer may send, and what may wait of it. */
export interface VisitorLimits {
  /** A longer message ends the connection with 1009. */
  readonly longestFrame: number;
  /** Reading from the peer stops at the first two, and goes on below a quarter of them. */
  readonly pauseFrames: number;
  readonly pauseBytes: number;
  /** More frames that wait end the connection: they come faster than reading can be stopped. */
  readonly mostFrames: number;
  /** Bytes that may wait to be read by the peer. */
  readonly mostUnreadBytes: number;
  /** Frames of so many bytes take turns with those of others; 0 = all frames. */
  readonly atOnceBytes: number;
}

/** OCPP 1.6 needs a fraction of it; chargers answer GetConfiguration with up to some 60 kB. */
export const LONGEST_FRAME = 256 * 1024;

/** A peer that is served, or a central system seen from a charge point. */
export const SERVED_LIMITS: VisitorLimits = {
  longestFrame: LONGEST_FRAME,
  pauseFrames: 64,
  pauseBytes: 64 * 1024,
  mostFrames: 4096,
  mostUnreadBytes: 1024 * 1024,
  atOnceBytes: 16 * 1024,
};

/** An unknown charge point: it may introduce itself. */
export const STRANGER_LIMITS: VisitorLimits = {
  longestFrame: 8 * 1024,
  pauseFrames: 1,
  pauseBytes: 1,
  mostFrames: 256,
  mostUnreadBytes: 64 * 1024,
  atOnceBytes: 0,
};

/** Bytes that a stranger may send in a second, and at once. */
const STRANGER_BYTES_PER_S = 16 * 1024;
const STRANGER_BYTES_AT_ONCE = 64 * 1024;
/** Frames of all strangers together that are looked at in a second, and at once. */
const STRANGER_FRAMES_PER_S = 100;
const STRANGER_FRAMES_AT_ONCE = 200;
/** Strangers that are let in in a second, and at once: as many as are remembered come back together after a restart. */
const STRANGERS_PER_S = 5;
const STRANGERS_AT_ONCE = 200;
/** Bytes that may wait of all peers of a kind together; beyond, whoever has something waiting is not read from. */
const MOST_SERVED_BYTES = 32 * 1024 * 1024;
const MOST_STRANGER_BYTES = 1024 * 1024;

/** What peers of one kind share. */
export class VisitorClass {
  readonly limits: VisitorLimits;
  /** For frames that take turns. */
  readonly queue: FairQueue;
  readonly #mostBytes: number;
  /** These are unknown charge points. */
  readonly isStranger: boolean;
  /** That wait, of all of them. */
  waitingBytes = 0;

  constructor(limits: VisitorLimits, queue: FairQueue, mostBytes: number) {
    this.limits = limits;
    this.queue = queue;
    this.#mostBytes = mostBytes;
    this.isStranger = limits === STRANGER_LIMITS;
  }

  /** No frame of another peer may wait. */
  get isFull(): boolean {
    return this.waitingBytes >= this.#mostBytes;
  }
}

/** A peer alone: the other side of a connection that was dialled from here. */
export function visitorAlone(): VisitorClass {
  return new VisitorClass(SERVED_LIMITS, new FairQueue(), MOST_SERVED_BYTES);
}

/**
 * The kinds of peers of one endpoint. Unknown charge points have a share of their own, so that they take nothing from those that are
 * served.
 */
export class ConnectionBudget {
  readonly served = new VisitorClass(SERVED_LIMITS, new FairQueue(), MOST_SERVED_BYTES);
  readonly strangers: VisitorClass;
  readonly #clock: Clock;
  readonly #admissions: Allowance;

  constructor(clock: Clock) {
    this.#clock = clock;
    const pace = { clock, perS: STRANGER_FRAMES_PER_S, burst: STRANGER_FRAMES_AT_ONCE };
    this.strangers = new VisitorClass(STRANGER_LIMITS, new FairQueue(pace), MOST_STRANGER_BYTES);
    this.#admissions = new Allowance(clock, STRANGERS_PER_S, STRANGERS_AT_ONCE);
  }

  /** What one stranger may send. */
  allowance(): Allowance {
    return new Allowance(this.#clock, STRANGER_BYTES_PER_S, STRANGER_BYTES_AT_ONCE);
  }

  /** Takes the place of one more stranger. @returns how long the next one has to wait for its own, s; 0 = there was one */
  strangerWaitS(): number {
    const waitMs = this.#admissions.waitMs(1);
    if (waitMs === 0) this.#admissions.take(1);
    return Math.ceil(waitMs / 1000);
  }

  close(): void {
    this.served.queue.close();
    this.strangers.queue.close();
  }
}
