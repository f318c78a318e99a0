import { type Clock, isoTime, type Timer } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import type { MeasurementPayload } from "../messages.ts";
import type { ReadOptions } from "../modbus/bus.ts";
import { ModbusException, type ReadRequest } from "../modbus/transport.ts";
import { type Decoded, decodeWithProblems, NOTHING_KNOWN, type RegisterRead } from "./decode.ts";
import { orient, type PhaseMap } from "./orientation.ts";
import type { ReadBlock } from "./plan.ts";
import { PollPlan } from "./poll-plan.ts";
import type { MeterProfile } from "./profile-schema.ts";
import { staleAfterMs } from "./quality.ts";
import { Repeats } from "./repeats.ts";

export interface MeterReaderOptions {
  bus: { read(request: ReadRequest, options: ReadOptions): Promise<number[]> };
  profile: MeterProfile;
  unitId: number;
  /** 0: only when asked. */
  intervalMs: number;
  timeoutMs: number;
  invert: boolean;
  phaseMap: PhaseMap;
  clock: Clock;
  /** Every scheduled reading; also, once each, a reading that went stale or bad. */
  onMeasurement: (payload: MeasurementPayload) => void;
  /** Every failure; `isRepeat` when one like it was told within the last minute. */
  onFailure: (error: EvError, isRepeat: boolean) => void;
}

/** Slow values are read in turn only where a full turn still takes a few seconds. */
const IN_TURN_BELOW_MS = 5000;

/**
 * Reads one meter in a fixed rhythm: a cycle that is still running when the next is due makes that one be skipped, never caught up.
 * Readings are oriented to the site. Without a new one for max(3 × interval, 5 s) the last is told again as `stale`; an exception, a
 * broken frame or a value that cannot be true makes it `bad` at once.
 */
export class MeterReader {
  readonly #options: MeterReaderOptions;
  readonly #plan: PollPlan;
  readonly #repeats: Repeats;
  readonly #slowReads = new Map<ReadBlock, RegisterRead>();
  #last: MeasurementPayload | null = null;
  #polling: Promise<MeasurementPayload> | null = null;
  #rhythm: Timer | undefined;
  #staleTimer: Timer | undefined;
  #stopped = true;
  #skippedCycles = 0;

  constructor(options: MeterReaderOptions) {
    this.#options = options;
    this.#plan = new PollPlan(options.profile, options.intervalMs > 0 && options.intervalMs < IN_TURN_BELOW_MS);
    this.#repeats = new Repeats(options.clock);
  }

  /** Cycles left out because the one before was not finished. */
  get skippedCycles(): number {
    return this.#skippedCycles;
  }

  /** Begins with a reading at once. */
  start(): void {
    const { clock, intervalMs } = this.#options;
    this.#stopped = false;
    if (intervalMs === 0) return;
    this.#rhythm = clock.setInterval(() => this.#cycle(), intervalMs);
    this.#watchAge();
    this.#cycle();
  }

  /** Nothing is told after this. */
  stop(): void {
    this.#stopped = true;
    this.#options.clock.clear(this.#rhythm);
    this.#options.clock.clear(this.#staleTimer);
  }

  /** Reads now, or joins the reading that is under way. Rejects with the bus's EvError. */
  readNow(): Promise<MeasurementPayload> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = null;
    });
    return this.#polling;
  }

  #cycle(): void {
    if (this.#polling) {
      this.#skippedCycles++;
      return;
    }
    this.readNow().then(
      (payload) => this.#tell(payload),
      () => {}, // told by #failed
    );
  }

  async #poll(): Promise<MeasurementPayload> {
    try {
      const { fast, slow } = this.#plan.next();
      const reads: RegisterRead[] = [];
      for (const block of fast) reads.push(await this.#read(block));
      const ts = isoTime(this.#options.clock.wallMs());
      await this.#readSlow(slow);
      return this.#decoded([...reads, ...this.#slowReads.values()], ts);
    } catch (thrown) {
      const addressing = thrown instanceof ModbusException && thrown.isAddressing;
      if (addressing && !this.#stopped && this.#withoutHoles()) return this.#poll();
      throw this.#failed(thrown);
    }
  }

  async #readSlow(blocks: readonly ReadBlock[]): Promise<void> {
    for (const block of blocks) {
      try {
        this.#slowReads.set(block, await this.#read(block));
      } catch (error) {
        this.#slowReads.delete(block);
        const exception = error instanceof ModbusException ? error : null;
        if (exception?.isAddressing && this.#withoutHoles()) return;
        if (exception?.isAddressing) this.#plan.drop(block);
        this.#report(asEvError(error));
        // A device that has fallen silent is not asked for the rest.
        if (!exception) return;
      }
    }
  }

  async #read(block: ReadBlock): Promise<RegisterRead> {
    const { bus, unitId, timeoutMs, profile } = this.#options;
    const { minRequestGapMs: gapMs, connectDelayMs } = profile.limits;
    const registers = await bus.read({ unitId, ...block }, { timeoutMs, gapMs, connectDelayMs });
    return { functionCode: block.functionCode, address: block.address, registers };
  }

  #withoutHoles(): boolean {
    const changed = this.#plan.withoutHoles();
    if (changed) this.#slowReads.clear();
    return changed;
  }

  #decoded(reads: RegisterRead[], ts: string): MeasurementPayload {
    const { profile, phaseMap, invert } = this.#options;
    const { measurement, problems }: Decoded = decodeWithProblems(profile, reads);
    const relevant = problems.filter(({ phase }) => phase === null || phaseMap[phase - 1] !== null);
    const first = relevant[0];
    if (first)
      this.#report(
        new EvError(
          "EV_METER_IMPLAUSIBLE",
          `${first.text}${relevant.length > 1 ? ` (and ${relevant.length - 1} more)` : ""}`,
        ),
      );
    const payload: MeasurementPayload = {
      ts,
      ...orient(measurement, phaseMap, invert),
      quality: first ? "bad" : "good",
    };
    this.#last = payload;
    if (!this.#stopped) this.#watchAge();
    return payload;
  }

  #failed(thrown: unknown): EvError {
    const error = asEvError(thrown);
    this.#report(error);
    const answeredWrongly = error.code === "EV_MODBUS_EXCEPTION" || error.code === "EV_MODBUS_FRAME";
    if (answeredWrongly && this.#last?.quality !== "bad") this.#becomeUnknown();
    return error;
  }

  #report(error: EvError): void {
    if (!this.#stopped) this.#options.onFailure(error, this.#repeats.isRepeat(error));
  }

  #watchAge(): void {
    const { clock, intervalMs } = this.#options;
    clock.clear(this.#staleTimer);
    this.#staleTimer = clock.setTimeout(() => this.#aged(), staleAfterMs(intervalMs));
  }

  #aged(): void {
    if (!this.#last) this.#becomeUnknown();
    else if (this.#last.quality === "good") this.#tell({ ...this.#last, quality: "stale" });
  }

  #becomeUnknown(): void {
    this.#last = { ts: isoTime(this.#options.clock.wallMs()), ...NOTHING_KNOWN };
    this.#tell(this.#last);
  }

  #tell(payload: MeasurementPayload): void {
    if (!this.#stopped) this.#options.onMeasurement(payload);
  }
}

function asEvError(thrown: unknown): EvError {
  return thrown instanceof EvError ? thrown : new EvError("EV_MODBUS_FRAME", messageOf(thrown), { cause: thrown });
}
