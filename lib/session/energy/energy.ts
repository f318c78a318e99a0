import type { EnergySource } from "../../store/books/session-types.ts";
import type { JsonValue } from "../../units.ts";
import { EnergyPower } from "./energy-power.ts";
import { EnergyRegister } from "./energy-register.ts";

/** What a charge point measured at one moment; null = not told. Wall time in ms since 1970. */
export interface EnergyReading {
  wallMs: number;
  /** Energy.Active.Import.Register, Wh. */
  registerWh: number | null;
  powerW: number | null;
}

/** The energy of a session, and how far it can be relied on. */
export interface EnergyResult {
  energyWh: number | null;
  source: EnergySource | null;
  /** The register began anew, or leapt, on the way; sources contradict each other. */
  flags: EnergyFlag[];
}

type EnergyFlag = "registerReset" | "registerJump" | "energyDoubtful";

interface Candidate {
  energyWh: number;
  source: EnergySource;
  /** The step in which the register counts, Wh. */
  stepWh: number;
}

/** How a session ends as far as it is known. */
export interface EnergyEnd {
  wallMs: number;
  meterStopWh: number | null;
}

/** Power over time counts as complete when it was known for this part of the session. */
const COMPLETE = 0.9;

/** A register that stands still while power says so much is dead. */
const DEAD_WH = 300;

/** Two sources agree within this many Wh, plus the register's step, plus this part of the larger value. */
const AGREE_WH = 200;
const AGREE = 0.25;

/** Doubt about the times of a session. */
const TIMES_MS = 5000;

/** Factor on the connector's described maximum, which may be set too low. More than that is a mistake of the register. */
const UNDERSTATED = 3;

const MS_PER_H = 3_600_000;

/**
 * The energy of one session from up to three sources: the readings at both ends of its transaction, the register in between, power
 * over time. Impossible values – overflows, leaps, restarts of the register, a register that stands still – are left out and named.
 * It is never more than fits through the cable in the time of the session.
 */
export class EnergyAccount {
  readonly #ceilingW: number;
  readonly #register: EnergyRegister;
  readonly #power: EnergyPower;
  /** Since when energy may have flowed: the start, also that of charging before the transaction. */
  #sinceMs: number;
  #startedWallMs: number;
  #meterStartWh: number | null;

  /** @param ceilingW the most that fits through the cable, W */
  constructor(ceilingW: number, startedWallMs: number, meterStartWh: number | null, memory: JsonValue = null) {
    const { register, power, sinceMs, startWh } = asRecord(memory);
    this.#ceilingW = ceilingW;
    this.#startedWallMs = startedWallMs;
    this.#sinceMs = Math.min(startedWallMs, typeof sinceMs === "number" ? sinceMs : startedWallMs);
    this.#meterStartWh = meterStartWh;
    this.#register = new EnergyRegister(ceilingW, register ?? null);
    this.#power = new EnergyPower(ceilingW, power ?? null);
    // A transaction may have taken over the session when its memory was on disk already.
    const isKnown = register !== undefined && (startWh === undefined || startWh === meterStartWh);
    if (!isKnown) this.#register.begin(startedWallMs, meterStartWh, this.#power.sumWh);
  }

  /** Takes a reading; late and impossible ones change nothing. @returns the energy it added, Wh */
  read({ wallMs, registerWh, powerW }: EnergyReading): number {
    const integratedWh = this.#power.read(wallMs, powerW);
    const before = this.#register.sumWh;
    this.#register.read(wallMs, registerWh, this.#power.sumWh);
    return this.#register.moved ? Math.max(0, this.#register.sumWh - before) : integratedWh;
  }

  /** Whether a reading of the register has come. */
  get hasRegister(): boolean {
    return this.#register.readings > 0;
  }

  /** Whether anything was measured between start and end. */
  get measured(): boolean {
    return this.#register.readings > (this.#meterStartWh === null ? 0 : 1) || this.#power.coveredMs > 0;
  }

  /** No current flows from now on. */
  rest(wallMs: number): void {
    this.#power.read(wallMs, 0);
  }

  /** A transaction took over a session that began without one. */
  begin(startedWallMs: number, meterStartWh: number | null): void {
    this.#sinceMs = Math.min(this.#sinceMs, startedWallMs);
    this.#startedWallMs = startedWallMs;
    this.#meterStartWh = meterStartWh;
    this.#register.begin(startedWallMs, meterStartWh, this.#power.sumWh);
  }

  /** The session's energy if it ends like this; null = its energy so far. Changes nothing. */
  settle(end: EnergyEnd | null): EnergyResult {
    const endMs = Math.max(this.#startedWallMs, end?.wallMs ?? Math.max(this.#power.atMs, this.#register.atMs));
    const meterStopWh = end?.meterStopWh ?? null;
    const powerWh = this.#power.sumWh;
    const register = this.#register.endedAt(endMs, meterStopWh, powerWh);
    const mostWh = this.#mostWh(Math.max(endMs, this.#power.atMs, register.atMs));
    const { flags, stepWh } = register;
    const counted: Candidate | null =
      register.readings > 1 ? { energyWh: register.sumWh, source: "register", stepWh } : null;
    const transaction = this.#transaction(register, meterStopWh);
    const all = [transaction, counted].filter((candidate) => candidate !== null);
    const possible = all.filter(({ energyWh }) => energyWh <= mostWh);
    const powerKnown = this.#power.coveredMs > 0 && this.#power.coveredMs >= COMPLETE * (endMs - this.#startedWallMs);
    const best = flags.length > 0 && powerKnown ? nearest(possible, powerWh) : possible[0];
    const isDoubtful =
      possible.length < all.length ||
      (powerKnown && all.some((candidate) => !agree(candidate, powerWh))) ||
      (transaction !== null && counted !== null && !agree(transaction, counted.energyWh));
    if (!best) return named(this.#withoutRegister(all, mostWh, powerKnown), flags, isDoubtful);
    if (best.energyWh === 0 && powerWh > DEAD_WH) return named(this.#byPower(), flags, true);
    const isContradicted = flags.length === 0 && transaction === null && this.#meterStartWh !== null && meterStopWh;
    // A meterStop of 0 means that the charge point has no reading.
    return named(best, flags, isDoubtful || Boolean(isContradicted));
  }

  /** What `memory` takes. */
  save(): JsonValue {
    return {
      register: this.#register.save(),
      power: this.#power.save(),
      sinceMs: this.#sinceMs,
      startWh: this.#meterStartWh,
    };
  }

  /** The most that fits through the cable from the start to that moment, Wh. */
  #mostWh(untilMs: number): number {
    return (this.#ceilingW * (untilMs - this.#sinceMs + TIMES_MS)) / MS_PER_H;
  }

  /** meterStop minus meterStart, Wh; null where one is missing, or the readings in between show that one is wrong. */
  #transaction(register: EnergyRegister, meterStopWh: number | null): Candidate | null {
    if (this.#meterStartWh === null || meterStopWh === null || meterStopWh < this.#meterStartWh) return null;
    const energyWh = meterStopWh - this.#meterStartWh;
    const isDead = energyWh === 0 && register.sumWh > 0;
    const isBroken = this.#register.readings > 1 && !register.joins(meterStopWh);
    if (isDead || isBroken) return null;
    return { energyWh, source: "transaction", stepWh: register.stepWh };
  }

  /** The energy where no register gives a possible value: from power if known, else as much as fits through the cable. */
  #withoutRegister(impossible: readonly Candidate[], mostWh: number, powerKnown: boolean): Worth {
    const [least] = impossible.toSorted((a, b) => a.energyWh - b.energyWh);
    const fits = least && least.energyWh <= UNDERSTATED * mostWh + least.stepWh;
    return fits && !powerKnown ? { energyWh: mostWh, source: least.source } : this.#byPower();
  }

  #byPower(): Worth {
    if (this.#power.coveredMs === 0) return { energyWh: null, source: null };
    return { energyWh: this.#power.sumWh, source: "power" };
  }
}

type Worth = Pick<EnergyResult, "energyWh" | "source">;

function named({ energyWh, source }: Worth, flags: readonly EnergyFlag[], isDoubtful: boolean): EnergyResult {
  return { energyWh, source, flags: isDoubtful ? [...flags, "energyDoubtful"] : [...flags] };
}

function nearest(candidates: readonly Candidate[], wh: number): Candidate | undefined {
  return candidates.toSorted((a, b) => Math.abs(a.energyWh - wh) - Math.abs(b.energyWh - wh))[0];
}

function agree({ energyWh, stepWh }: Omit<Candidate, "source">, wh: number): boolean {
  return Math.abs(energyWh - wh) <= Math.max(AGREE_WH, stepWh) + AGREE * Math.max(energyWh, wh);
}

/** Whether two figures for the same energy agree, Wh. */
export function energiesAgree(oneWh: number, otherWh: number): boolean {
  return agree({ energyWh: oneWh, stepWh: 0 }, otherWh);
}

/** The members of a saved memory; none where it is no object. */
export function asRecord(value: JsonValue): { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
