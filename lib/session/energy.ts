import type { EnergySource } from "../store/session-types.ts";
import type { JsonValue } from "../units.ts";
import { EnergyPower } from "./energy-power.ts";
import { EnergyRegister } from "./energy-register.ts";

/** What a charge point measured at one moment; null = not told. Wall time in ms since 1970. */
export interface EnergyReading {
  wallMs: number;
  /** Energy.Active.Import.Register, Wh. */
  registerWh: number | null;
  powerW: number | null;
}

/** What a session is worth. */
export interface EnergyResult {
  energyWh: number | null;
  source: EnergySource | null;
  /** The register began anew, or leapt, on the way; sources contradict each other. */
  flags: ("registerReset" | "registerJump" | "energyDoubtful")[];
}

interface Candidate {
  energyWh: number;
  source: EnergySource;
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

/** Two sources agree within this much, and this part of the larger. */
const AGREE_WH = 1000;
const AGREE = 0.25;

/**
 * The energy of one session from up to three sources: the readings at both ends of its transaction, the register in between, power
 * over time. Impossible values – overflows, leaps, restarts of the register, a register that stands still – are left out and named.
 */
export class EnergyAccount {
  readonly #ceilingW: number;
  readonly #register: EnergyRegister;
  readonly #power: EnergyPower;
  #startedWallMs: number;
  #meterStartWh: number | null;

  /** @param ceilingW power beyond which nothing is believed */
  constructor(ceilingW: number, startedWallMs: number, meterStartWh: number | null, memory: JsonValue = null) {
    const { register, power } = asRecord(memory);
    this.#ceilingW = ceilingW;
    this.#startedWallMs = startedWallMs;
    this.#meterStartWh = meterStartWh;
    this.#register = new EnergyRegister(ceilingW, register ?? null);
    this.#power = new EnergyPower(ceilingW, power ?? null);
    if (register === undefined) this.#register.read(startedWallMs, meterStartWh, 0);
  }

  /** Takes a reading; late and impossible ones change nothing. @returns the energy it added, Wh */
  read({ wallMs, registerWh, powerW }: EnergyReading): number {
    const integratedWh = this.#power.read(wallMs, powerW);
    const before = this.#register.sumWh;
    this.#register.read(wallMs, registerWh, this.#power.sumWh);
    return this.#register.moved ? this.#register.sumWh - before : integratedWh;
  }

  /** A register has been read. */
  get hasRegister(): boolean {
    return this.#register.readings > 0;
  }

  /** Something was measured on the way. */
  get measured(): boolean {
    return this.#register.readings > (this.#meterStartWh === null ? 0 : 1) || this.#power.coveredMs > 0;
  }

  /** No current flows from now on. */
  rest(wallMs: number): void {
    this.#power.read(wallMs, 0);
  }

  /** A transaction took over a session that began without one. */
  begin(startedWallMs: number, meterStartWh: number | null): void {
    this.#startedWallMs = startedWallMs;
    this.#meterStartWh = meterStartWh;
    this.#register.read(startedWallMs, meterStartWh, this.#power.sumWh);
  }

  /** What it is worth if it ends like this; null = what it is worth so far. Changes nothing. */
  settle(end: EnergyEnd | null): EnergyResult {
    const endMs = Math.max(this.#startedWallMs, end?.wallMs ?? Math.max(this.#power.atMs, this.#register.atMs));
    const meterStopWh = end?.meterStopWh ?? null;
    const powerWh = this.#power.sumWh;
    const register = this.#register.endedAt(endMs, meterStopWh, powerWh);
    const transactionWh = this.#transactionWh(endMs, meterStopWh);
    const candidates: Candidate[] = [];
    if (transactionWh !== null) candidates.push({ energyWh: transactionWh, source: "transaction" });
    if (register.readings > 1) candidates.push({ energyWh: register.sumWh, source: "register" });
    const powerKnown = this.#power.coveredMs > 0 && this.#power.coveredMs >= COMPLETE * (endMs - this.#startedWallMs);
    const { flags } = register;
    const [first] = candidates;
    // A register that moved by itself makes the difference of its ends worthless, unless power says otherwise.
    const best = flags.length === 0 ? first : powerKnown ? nearest(candidates, powerWh) : candidates.at(-1);
    if (!best) return { ...this.#byPower(), flags: [...flags] };
    if (best.energyWh === 0 && powerWh > DEAD_WH) return { ...this.#byPower(), flags: [...flags, "energyDoubtful"] };
    const doubtful = powerKnown && !agree(best.energyWh, powerWh);
    return { ...best, flags: doubtful ? [...flags, "energyDoubtful"] : [...flags] };
  }

  /** What `memory` takes. */
  save(): JsonValue {
    return { register: this.#register.save(), power: this.#power.save() };
  }

  #byPower(): Pick<EnergyResult, "energyWh" | "source"> {
    if (this.#power.coveredMs === 0) return { energyWh: null, source: null };
    return { energyWh: this.#power.sumWh, source: "power" };
  }

  #transactionWh(endMs: number, meterStopWh: number | null): number | null {
    if (this.#meterStartWh === null || meterStopWh === null || meterStopWh < this.#meterStartWh) return null;
    const wh = meterStopWh - this.#meterStartWh;
    const mostWh = (this.#ceilingW * (endMs - this.#startedWallMs)) / 3_600_000 + AGREE_WH;
    return wh <= mostWh ? wh : null;
  }
}

function nearest(candidates: readonly Candidate[], wh: number): Candidate | undefined {
  return candidates.toSorted((a, b) => Math.abs(a.energyWh - wh) - Math.abs(b.energyWh - wh))[0];
}

function agree(a: number, b: number): boolean {
  return Math.abs(a - b) <= AGREE_WH + AGREE * Math.max(a, b);
}

function asRecord(value: JsonValue): { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
