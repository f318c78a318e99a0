import type { EvError } from "../errors.ts";
import type { Queued, ReadPriority } from "./queue.ts";
import { keyOf, type ReadRequest } from "./transport.ts";
import type { Unit } from "./unit.ts";

export interface ReadOptions {
  /** How long the reply may take at most. Waiting in the queue does not count. A device that is known to be quick gets less. */
  timeoutMs?: number;
  /** Least silence between two requests to this unit; requests to others fill it. */
  gapMs?: number;
  /** Silence that the device wants after the connection was opened. */
  connectDelayMs?: number;
  /** Default normal. A probe is tried even while the unit rests after failures, never twice, and with all the time it may take. */
  priority?: ReadPriority;
}

/** A read that waits or is under way, with all callers that want its answer. */
export class ReadJob implements Queued {
  readonly request: ReadRequest;
  readonly unit: Unit;
  readonly key: string;
  readonly queuedAtMs: number;
  readonly timeoutMs: number;
  readonly gapMs: number;
  readonly connectDelayMs: number;
  readonly isProbe: boolean;
  priority: ReadPriority;
  isRetry = false;
  #waiting: { resolve: (registers: number[]) => void; reject: (error: EvError) => void }[] = [];

  constructor(request: ReadRequest, options: ReadOptions & { timeoutMs: number }, unit: Unit, nowMs: number) {
    const { timeoutMs, gapMs = 0, connectDelayMs = 0, priority = "normal" } = options;
    this.request = request;
    this.unit = unit;
    this.key = keyOf(request);
    this.queuedAtMs = nowMs;
    this.timeoutMs = timeoutMs;
    this.gapMs = gapMs;
    this.connectDelayMs = connectDelayMs;
    this.isProbe = priority === "probe";
    this.priority = unit.isLost ? "probe" : priority;
  }

  /** Adds a caller that wants the answer. */
  join(resolve: (registers: number[]) => void, reject: (error: EvError) => void): void {
    this.#waiting.push({ resolve, reject });
  }

  resolve(registers: number[]): void {
    for (const { resolve } of this.#waiting) resolve([...registers]);
  }

  reject(error: EvError): void {
    for (const { reject } of this.#waiting) reject(error);
  }
}
