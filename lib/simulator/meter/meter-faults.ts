import type { RegisterRead } from "../../metering/decode.ts";
import { type Measurement, NOTHING_KNOWN } from "../../metering/measurement.ts";

/**
 * What a simulated meter can act out: `frozen` repeats its last values for ever, `stop` is a meter without power; `inverted`,
 * `swapped` and `tenth` are mounted wrongly, and `zeros`, `ones` and `maxima` are what the registers of a broken one hold.
 */
export const METER_FAULTS = [
  "none",
  "silent",
  "garbage",
  "frozen",
  "stop",
  "exception",
  "nan",
  "inverted",
  "swapped",
  "tenth",
  "zeros",
  "ones",
  "maxima",
] as const;
export type MeterFault = (typeof METER_FAULTS)[number];

type Phases = Measurement["currentA"];

/** What the meter measures instead of the truth. */
export function mismeasured(fault: MeterFault, measurement: Measurement): Measurement {
  if (fault === "nan") return NOTHING_KNOWN;
  if (fault === "inverted") return scaled(measurement, -1);
  if (fault === "tenth") return scaled(measurement, 0.1);
  if (fault !== "swapped") return measurement;
  const { currentA, phasePowerW } = measurement;
  return { ...measurement, currentA: shifted(currentA), phasePowerW: shifted(phasePowerW) };
}

/** What its registers hold instead of what it measures. */
export function garbled(fault: MeterFault, reads: readonly RegisterRead[]): RegisterRead[] {
  const fill = (word: (index: number) => number): RegisterRead[] =>
    reads.map((read) => ({ ...read, registers: read.registers.map((_, index) => word(index)) }));
  if (fault === "zeros") return fill(() => 0);
  if (fault === "ones") return fill(() => 0xffff);
  if (fault === "maxima") return fill((index) => (index === 0 ? 0x7fff : 0xffff));
  return [...reads];
}

function scaled(measurement: Measurement, factor: number): Measurement {
  const times = (value: number | null): number | null => (value === null ? null : value * factor);
  return {
    ...measurement,
    currentA: measurement.currentA.map(times) as Phases,
    phasePowerW: measurement.phasePowerW.map(times) as Phases,
    powerW: times(measurement.powerW),
  };
}

/** Each clamp on the next conductor. */
function shifted([l1, l2, l3]: Phases): Phases {
  return [l3, l1, l2];
}
