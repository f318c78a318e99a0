import { EvError } from "../../lib/errors.ts";
import type { Exchange, ModbusTransport, ReadOutcome, ReadRequest } from "../../lib/modbus/transport.ts";
import type { FakeClock } from "../fake-clock.ts";

export const block = (unitId: number, address = 0): ReadRequest => ({ unitId, functionCode: 3, address, count: 1 });

/** A line in memory: units in `silent` never answer, others after `latencyMs` (without one: at once); it may refuse connections. */
export class FakeLine implements ModbusTransport {
  readonly asked: { unitId: number; address: number; atMs: number }[] = [];
  readonly silent = new Set<number>();
  readonly latencyMs = new Map<number, number>();
  readonly clock: FakeClock;
  readonly crcErrors = 0;
  readonly lateFrames = 0;
  /** Answers to silent units' requests, given when they are called. */
  readonly unanswered: (() => void)[] = [];
  canBeHalfOpen = true;
  restMs = 0;
  refusing = false;
  connects = 0;
  isOpen = false;
  inFlight = 0;
  mostInFlight = 0;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  connect = (): Promise<ModbusTransport> => {
    this.connects++;
    if (this.refusing) return Promise.reject(new EvError("EV_MODBUS_CONNECT", "refused"));
    this.isOpen = true;
    return Promise.resolve(this);
  };

  start({ unitId, address }: ReadRequest, settle: (outcome: ReadOutcome) => void): Exchange {
    this.asked.push({ unitId, address, atMs: this.clock.nowMs() });
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    let isOver = false;
    const end = (outcome: ReadOutcome): void => {
      if (isOver) return;
      isOver = true;
      this.inFlight--;
      settle(outcome);
    };
    const latencyMs = this.latencyMs.get(unitId);
    if (this.silent.has(unitId)) this.unanswered.push(() => end([unitId]));
    else if (latencyMs === undefined) queueMicrotask(() => end([unitId]));
    else this.clock.setTimeout(() => end([unitId]), latencyMs);
    return {
      abandon: () => {
        if (!isOver) this.inFlight--;
        isOver = true;
        return null;
      },
    };
  }

  destroy(): void {
    this.isOpen = false;
  }
}
