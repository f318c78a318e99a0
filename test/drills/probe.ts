/**
 * Loaded into a process before anything else (`node --import`): lets it live in the time of the drill, shifts its wall clock, and
 * counts what it holds. The program itself is not touched.
 *
 * `DrillTime.env` says what its time is. With a channel to the parent it takes `{shiftMs}` and `{census: id}`.
 */
import { EventEmitter } from "node:events";
import { openSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { memoryUsage } from "node:process";
import { readBeat, readTimeMs, type Seat, writeSeat } from "./time-file.ts";

/** Real time between two looks at the time of the drill, ms. */
const FOLLOW_MS = 8;

/** What a process holds at a moment. */
export interface Census {
  census: number;
  rssMb: number;
  heapMb: number;
  /** By kind: `Timeout`, `TCPSocketWrap`… */
  resources: Record<string, number>;
  /** Timers that have not ended, also those that do not keep the process alive. */
  timers: number;
  /** Listeners of all event emitters that are reachable. */
  listeners: number;
}

const { DRILL_TIME_FILE, DRILL_SEAT } = process.env;
const pace = Number(process.env["DRILL_PACE"] ?? 1);
const epochMs = Number(process.env["DRILL_EPOCH_MS"] ?? 0);
const RealDate = Date;
const realSetTimeout = globalThis.setTimeout;
const realSetInterval = globalThis.setInterval;
const file = DRILL_TIME_FILE === undefined ? null : openSync(DRILL_TIME_FILE, "r+");
let shiftMs = 0;

const timers = new Set<WeakRef<NodeJS.Timeout>>();

function kept(timer: NodeJS.Timeout): NodeJS.Timeout {
  timers.add(new WeakRef(timer));
  return timer;
}

function countTimers(): number {
  for (const reference of timers) {
    const timer = reference.deref() as { _destroyed?: boolean } | undefined;
    if (!timer || timer._destroyed) timers.delete(reference);
  }
  return timers.size;
}

/** A timer as Node has it: what it is set anew with is in it. */
type OpenTimeout = NodeJS.Timeout & { _idleTimeout: number; _destroyed: boolean };
type Callback = (...args: unknown[]) => void;

/** A timer that ends when it is due by the time of the drill, however long that takes. */
function drillTimer(timeFile: number, ring: Callback, givenMs: number | undefined, repeats: boolean): NodeJS.Timeout {
  const delayMs = givenMs !== undefined && givenMs >= 1 ? givenMs : 1;
  let dueMs = readTimeMs(timeFile) + delayMs;
  const look = (): void => {
    const nowMs = readTimeMs(timeFile);
    if (nowMs < dueMs) {
      lookAfter(dueMs - nowMs);
      return;
    }
    dueMs = nowMs + delayMs;
    try {
      ring();
    } finally {
      if (repeats && !timer._destroyed) lookAfter(delayMs);
    }
  };
  const lookAfter = (leftMs: number): void => {
    timer._idleTimeout = leftMs / pace + 1;
    refresh.call(timer);
  };
  const timer = realSetTimeout(look, delayMs / pace) as OpenTimeout;
  const { refresh } = timer;
  timer.refresh = () => {
    dueMs = readTimeMs(timeFile) + delayMs;
    lookAfter(delayMs);
    return timer;
  };
  return timer;
}

const wallMs =
  file === null ? () => RealDate.now() + shiftMs : (): number => Math.round(epochMs + readTimeMs(file) + shiftMs);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget: typeof RealDate) =>
    Reflect.construct(target, args.length > 0 ? args : [wallMs()], newTarget === globalThis.Date ? target : newTarget),
  apply: () => new RealDate(wallMs()).toString(),
  get: (target, key) => (key === "now" ? wallMs : Reflect.get(target, key)),
});
globalThis.setTimeout = Object.assign((callback: Callback, delayMs?: number, ...args: unknown[]) => {
  const ring = () => callback(...args);
  return kept(file === null ? realSetTimeout(ring, delayMs) : drillTimer(file, ring, delayMs, false));
}, realSetTimeout) as typeof setTimeout;
globalThis.setInterval = Object.assign((callback: Callback, delayMs?: number, ...args: unknown[]) => {
  const ring = () => callback(...args);
  return kept(file === null ? realSetInterval(ring, delayMs) : drillTimer(file, ring, delayMs, true));
}, realSetInterval) as typeof setInterval;
if (file !== null) live(file, DRILL_SEAT as Seat);

/** Goes by the time of the drill, and says what it has followed of it once it has done what was to be done. */
function live(timeFile: number, seat: Seat): void {
  const beganMs = readTimeMs(timeFile);
  performance.now = () => readTimeMs(timeFile) - beganMs;
  let followed = 0;
  const follow = (): void => {
    const beat = readBeat(timeFile);
    if (beat !== followed) writeSeat(timeFile, seat, beat);
    followed = beat;
  };
  realSetInterval(() => setImmediate(follow), FOLLOW_MS).unref();
}

/** Emitters that were ever listened to. */
const emitters = new Set<WeakRef<EventEmitter>>();
const known = new WeakSet<EventEmitter>();
for (const method of ["on", "addListener", "prependListener"] as const) {
  const listen = EventEmitter.prototype[method];
  EventEmitter.prototype[method] = function (this: EventEmitter, ...args: Parameters<typeof listen>) {
    if (!known.has(this)) {
      known.add(this);
      emitters.add(new WeakRef(this));
    }
    return listen.apply(this, args);
  } as typeof listen;
}

function countListeners(): number {
  let count = 0;
  for (const reference of emitters) {
    const emitter = reference.deref();
    if (!emitter) emitters.delete(reference);
    else for (const event of emitter.eventNames()) count += emitter.listenerCount(event);
  }
  return count;
}

process.on("message", (message: { shiftMs?: number; census?: number }) => {
  if (message.shiftMs !== undefined) shiftMs += message.shiftMs;
  if (message.census !== undefined) process.send?.(take(message.census));
});
process.channel?.unref();

function take(census: number): Census {
  (globalThis as { gc?: () => void }).gc?.();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const { rss, heapUsed } = memoryUsage();
  return {
    census,
    rssMb: rss / 2 ** 20,
    heapMb: heapUsed / 2 ** 20,
    resources,
    timers: countTimers(),
    listeners: countListeners(),
  };
}
