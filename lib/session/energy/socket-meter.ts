import type { JsonValue } from "../../units.ts";
import { asRecord, EnergyAccount, type EnergyReading, type EnergyResult } from "./energy.ts";

/** Its first and last reading may be so far from the ends of the session, ms. */
const NEAR_MS = 60_000;

/** A register that stands still moves by less than its rounding, Wh. */
const MOVED_WH = 1;

/** What the meter of a socket counted in one session. Readings are dated by our clock. */
export class SocketMeter {
  readonly #ceilingW: number;
  /** When the session began by our clock. */
  readonly #sinceMs: number;
  #account: EnergyAccount | null = null;
  #firstMs = 0;
  #firstWh = 0;
  #last = { wallMs: 0, wh: 0 };
  /** When its register moved last. */
  #movedMs = 0;

  /** @param memory what `save` gave; null for a new session */
  constructor(ceilingW: number, sinceMs: number, memory: JsonValue) {
    const { since, firstMs, firstWh, lastMs, lastWh, movedMs, account } = asRecord(memory);
    this.#ceilingW = ceilingW;
    this.#sinceMs = typeof since === "number" ? since : sinceMs;
    if (typeof firstMs !== "number" || typeof firstWh !== "number") return;
    this.#firstMs = firstMs;
    this.#firstWh = firstWh;
    this.#last = { wallMs: Number(lastMs), wh: Number(lastWh) };
    this.#movedMs = Number(movedMs);
    this.#account = new EnergyAccount(ceilingW, firstMs, firstWh, account ?? null);
  }

  read({ wallMs, registerWh, powerW }: EnergyReading): void {
    if (registerWh === null || wallMs <= this.#last.wallMs) return;
    if (!this.#account) {
      this.#firstMs = wallMs;
      this.#firstWh = registerWh;
      this.#movedMs = wallMs;
      this.#account = new EnergyAccount(this.#ceilingW, wallMs, registerWh);
    } else if (Math.abs(registerWh - this.#last.wh) >= MOVED_WH) this.#movedMs = wallMs;
    this.#last = { wallMs, wh: registerWh };
    this.#account.read({ wallMs, registerWh, powerW });
  }

  /** What it counted until then, and whether it was read at both ends; null = nothing. @param endMs null = so far */
  settle(endMs: number | null): (EnergyResult & { whole: boolean }) | null {
    const { wallMs, wh } = this.#last;
    if (!this.#account || wallMs === this.#firstMs) return null;
    const result = this.#account.settle({ wallMs, meterStopWh: wh });
    if (result.source === null || result.source === "power") return null;
    const isEarly = this.#firstMs - this.#sinceMs <= NEAR_MS;
    const isLate = endMs === null || (endMs - wallMs <= NEAR_MS && this.#movedMs - endMs <= NEAR_MS);
    return { ...result, whole: isEarly && isLate };
  }

  /** What `memory` takes. */
  save(): JsonValue {
    if (!this.#account) return { since: this.#sinceMs };
    return {
      since: this.#sinceMs,
      firstMs: this.#firstMs,
      firstWh: this.#firstWh,
      lastMs: this.#last.wallMs,
      lastWh: this.#last.wh,
      movedMs: this.#movedMs,
      account: this.#account.save(),
    };
  }
}

/**
 * The energy of a session whose socket has a meter of its own. That meter counts where it was read at both ends; else the charge
 * point's own readings do, and only without those what the meter saw. Two that differ are doubtful, and so is a meter with gaps.
 * @param isOver the session has ended; @param agree whether two figures can be the same energy, Wh
 */
export function bySocketMeter(
  meter: (EnergyResult & { whole: boolean }) | null,
  own: EnergyResult,
  isOver: boolean,
  agree: (oneWh: number, otherWh: number) => boolean,
): EnergyResult {
  if (!meter || meter.energyWh === null) return isOver ? doubtful(own) : own;
  const contradicts = own.energyWh !== null && !agree(meter.energyWh, own.energyWh);
  if (!meter.whole && own.energyWh !== null) return doubtful(own);
  const told: EnergyResult = { energyWh: meter.energyWh, source: "meter", flags: meter.flags };
  return contradicts || !meter.whole ? doubtful(told) : told;
}

function doubtful(result: EnergyResult): EnergyResult {
  return { ...result, flags: [...new Set([...result.flags, "energyDoubtful" as const])] };
}
