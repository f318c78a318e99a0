import { type Clock, isoTime, type Timer } from "../clock.ts";
import { type ErrorCode, EvError, messageOf } from "../errors.ts";
import type { MeasurementPayload } from "../messages.ts";
import { PollSchedule, type ScheduledPoll } from "../modbus/poll-schedule.ts";
import { ModbusException } from "../modbus/transport.ts";
import { Acquisition, type MeterBus } from "./acquisition.ts";
import { SleepWatch } from "./asleep.ts";
import { Judge, type JudgedMeasurement } from "./judge.ts";
import { NOTHING_KNOWN } from "./measurement.ts";
import { orient, type PhaseMap } from "./orientation.ts";
import type { MeterProfile } from "./profile-schema.ts";
import { staleAfterMs, unwired } from "./quality.ts";
import { Repeats } from "./repeats.ts";

export interface MeterReaderOptions {
  /** The line; with a `schedule`, the meters on it take turns. */
  bus: MeterBus & { readonly schedule?: PollSchedule };
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

/** How the reading of a meter goes, for status and dialog. */
export interface ReaderHealth {
  /** Since the newest good reading, ms; null before the first. */
  ageMs: number | null;
  /** How long the last cycle took that brought a reading, waiting for the line included, ms. */
  cycleMs: number | null;
  cycles: number;
  /** Cycles left out because the one before was not finished. */
  skippedCycles: number;
  failedCycles: number;
  /** Requests that a cycle needs. */
  requestsPerCycle: number;
  /** Names of registers that the device does not have; asked for again from time to time. */
  unavailable: string[];
  /** Doubts about how the meter is mounted or described, one sentence each. */
  suspicions: string[];
  isFrozen: boolean;
  isAsleep: boolean;
  /** What discovery found, such as `SunSpec model 213 at 40069`; null for profiles with fixed addresses. */
  found: string | null;
}

/** Slow values are read in turn only where a full turn still takes a few seconds. */
const IN_TURN_BELOW_MS = 5000;
/** Nothing was heard of the device: no connection, or no answer. */
const SILENCE: readonly ErrorCode[] = ["EV_MODBUS_CONNECT", "EV_MODBUS_SERIAL", "EV_MODBUS_TIMEOUT"];
/** After so many bad readings a discovered device is discovered anew: its registers may have moved. */
const FORGET_AFTER_BAD = 10;
/** Exceptions of a device that is not ready or busy, and of a gateway that does not reach it: the next cycle may succeed. */
const PASSING_EXCEPTIONS = [5, 6, 10, 11];
/** The device answered, and its values cannot be read. */
const WRONG: readonly ErrorCode[] = ["EV_MODBUS_EXCEPTION", "EV_MODBUS_FRAME", "EV_METER_NOT_FOUND"];

/**
 * Reads one meter at fixed times. A cycle that falls due while the one before still runs is skipped. Readings are oriented to the site.
 * Without a new reading for max(3 × interval, 5 s) the last is told again as `stale`; a reading of a device that repeats itself is
 * `stale`, too. An exception, a broken frame or a value that cannot be true makes the reading `bad` at once.
 */
export class MeterReader {
  readonly #options: MeterReaderOptions;
  readonly #acquisition: Acquisition;
  readonly #judge = new Judge();
  readonly #sleep: SleepWatch;
  readonly #repeats: Repeats;
  #last: MeasurementPayload | null = null;
  #polling: Promise<MeasurementPayload> | null = null;
  #scheduled: ScheduledPoll | null = null;
  #ownSchedule: PollSchedule | null = null;
  #staleTimer: Timer | undefined;
  #stopped = true;
  #goodAtMs: number | null = null;
  #cycleMs: number | null = null;
  #isFrozen = false;
  #badInRow = 0;
  #counts = { cycles: 0, skippedCycles: 0, failedCycles: 0 };

  constructor(options: MeterReaderOptions) {
    const { intervalMs, profile, clock } = options;
    this.#options = options;
    const inTurn = intervalMs > 0 && intervalMs < IN_TURN_BELOW_MS;
    this.#acquisition = new Acquisition({ ...options, inTurn, onTrouble: (error) => this.#report(asEvError(error)) });
    this.#sleep = new SleepWatch(profile);
    this.#repeats = new Repeats(clock);
  }

  get health(): ReaderHealth {
    const { unavailable, requestsPerCycle, found } = this.#acquisition;
    return {
      ageMs: this.#goodAtMs === null ? null : this.#options.clock.nowMs() - this.#goodAtMs,
      cycleMs: this.#cycleMs,
      ...this.#counts,
      requestsPerCycle,
      unavailable,
      suspicions: this.#judge.suspicions,
      isFrozen: this.#isFrozen,
      isAsleep: this.#last?.asleep === true,
      found,
    };
  }

  /** Begins at the meter's time in the poll schedule of its line; at once if it is the only meter there. */
  start(): void {
    const { clock, intervalMs, bus } = this.#options;
    this.#stopped = false;
    if (intervalMs === 0) return;
    this.#ownSchedule = bus.schedule ? null : new PollSchedule(clock);
    this.#scheduled = (bus.schedule ?? this.#ownSchedule)?.join(intervalMs, () => this.#cycle()) ?? null;
    this.#watchAge();
  }

  /** Nothing is told after this. */
  stop(): void {
    this.#stopped = true;
    this.#scheduled?.stop();
    this.#ownSchedule?.stop();
    this.#options.clock.clear(this.#staleTimer);
  }

  /** Reads now, or joins the reading that is under way. Rejects with the bus's EvError. */
  readNow(): Promise<MeasurementPayload> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = null;
    });
    return this.#polling;
  }

  /** @returns whether a cycle began */
  #cycle(): boolean {
    if (this.#polling) {
      this.#counts.skippedCycles++;
      return false;
    }
    this.readNow().then(
      (payload) => this.#tell(payload),
      () => {}, // told by #poll
    );
    return true;
  }

  async #poll(): Promise<MeasurementPayload> {
    const { clock, phaseMap } = this.#options;
    const beganMs = clock.nowMs();
    this.#counts.cycles++;
    try {
      const acquired = await this.#acquisition.cycle();
      const nowMs = clock.nowMs();
      this.#cycleMs = nowMs - beganMs;
      const judged = this.#judge.judge(acquired, phaseMap, this.#acquisition.unavailable, nowMs);
      if (judged.wantsTotal) this.#acquisition.readTotal();
      return this.#judged(judged, acquired.wallMs, nowMs);
    } catch (thrown) {
      this.#counts.failedCycles++;
      const error = asEvError(thrown);
      const asleep = this.#asleep(error);
      if (asleep) return asleep;
      this.#report(error);
      if (SILENCE.includes(error.code)) this.#acquisition.forget();
      if (WRONG.includes(error.code) && !isSilence(error) && this.#last?.quality !== "bad") this.#becomeUnknown();
      throw error;
    }
  }

  #judged(judged: JudgedMeasurement, wallMs: number, nowMs: number): MeasurementPayload {
    const { measurement, quality, problems, frozenSinceMs, isAsleep } = judged;
    const { phaseMap, invert } = this.#options;
    const [first] = problems;
    if (first) {
      const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
      this.#report(new EvError("EV_METER_IMPLAUSIBLE", [`${first.text}${more}`, ...unwired(problems)].join("; ")));
    }
    this.#isFrozen = frozenSinceMs !== null;
    const stoodStillMs = frozenSinceMs === null ? 0 : nowMs - frozenSinceMs;
    if (this.#isFrozen) {
      const forS = Math.round(stoodStillMs / 1000);
      this.#report(new EvError("EV_METER_FROZEN", `the meter has repeated the same values for ${forS} s`));
    }
    const ts = isoTime(wallMs - stoodStillMs);
    const asleep = isAsleep && quality === "good" ? { asleep: true as const } : {};
    const payload: MeasurementPayload = { ts, ...orient(measurement, phaseMap, invert), quality, ...asleep };
    if (quality === "good") {
      this.#goodAtMs = nowMs;
      this.#badInRow = 0;
      this.#sleep.heard(measurement);
    } else if (quality === "bad" && ++this.#badInRow % FORGET_AFTER_BAD === 0) this.#acquisition.forget();
    this.#remember(payload);
    return payload;
  }

  /** The reading of an inverter that has gone to sleep, or null when it is lost. */
  #asleep(error: EvError): MeasurementPayload | null {
    const { clock } = this.#options;
    if (!isSilence(error) || !this.#sleep.silent(clock.nowMs())) return null;
    const { energyImportWh = null, energyExportWh = null } = this.#last ?? {};
    const known = { powerW: 0, energyImportWh, energyExportWh, quality: "good", asleep: true } as const;
    const payload: MeasurementPayload = { ts: isoTime(clock.wallMs()), ...NOTHING_KNOWN, ...known };
    this.#remember(payload);
    return payload;
  }

  #remember(payload: MeasurementPayload): void {
    this.#last = payload;
    if (!this.#stopped) this.#watchAge();
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
    else if (this.#last.quality === "good") {
      this.#last = { ...this.#last, quality: "stale" };
      this.#tell(this.#last);
    }
  }

  #becomeUnknown(): void {
    this.#last = { ts: isoTime(this.#options.clock.wallMs()), ...NOTHING_KNOWN };
    this.#tell(this.#last);
  }

  #tell(payload: MeasurementPayload): void {
    if (!this.#stopped) this.#options.onMeasurement(payload);
  }
}

function isSilence(error: EvError): boolean {
  if (error instanceof ModbusException) return PASSING_EXCEPTIONS.includes(error.exceptionCode);
  return SILENCE.includes(error.code);
}

function asEvError(thrown: unknown): EvError {
  return thrown instanceof EvError ? thrown : new EvError("EV_MODBUS_FRAME", messageOf(thrown), { cause: thrown });
}
