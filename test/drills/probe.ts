/**
 * Loaded into a process before anything else (`node --import`): lets its time run faster, shifts its wall clock, and counts
 * what it holds. The program itself is not touched.
 *
 * `DRILL_TIME_FACTOR` and `DRILL_EPOCH_MS` set the pace and the moment at which fast and real wall clock agree. With a channel to the
 * parent it takes `{shiftMs}` and `{census: id}`.
 */
import { EventEmitter } from "node:events";
import { performance } from "node:perf_hooks";
import { memoryUsage } from "node:process";

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

const factor = Number(process.env["DRILL_TIME_FACTOR"] ?? 1);
const epochMs = Number(process.env["DRILL_EPOCH_MS"] ?? 0);
const RealDate = Date;
const realNowMs = performance.now.bind(performance);
const realSetTimeout = globalThis.setTimeout;
const realSetInterval = globalThis.setInterval;
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

const wallMs = (): number => Math.round(epochMs + (RealDate.now() - epochMs) * factor + shiftMs);

performance.now = () => realNowMs() * factor;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget: typeof RealDate) =>
    Reflect.construct(target, args.length > 0 ? args : [wallMs()], newTarget === globalThis.Date ? target : newTarget),
  apply: () => new RealDate(wallMs()).toString(),
  get: (target, key) => (key === "now" ? wallMs : Reflect.get(target, key)),
});
globalThis.setTimeout = Object.assign(
  (callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) =>
    kept(realSetTimeout(callback, delayMs / factor, ...args)),
  realSetTimeout,
) as typeof setTimeout;
globalThis.setInterval = Object.assign(
  (callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) =>
    kept(realSetInterval(callback, delayMs / factor, ...args)),
  realSetInterval,
) as typeof setInterval;

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
