import { isoTime } from "../../clock.ts";
import type { SimulatedConnector } from "./connector.ts";
import { NOMINAL_V } from "./profiles/schedule.ts";

/** One entry of a MeterValue (OCPP 1.6 §7.43). */
export interface SampledValue {
  value: string;
  context: "Sample.Periodic" | "Trigger";
  measurand: string;
  phase?: string;
  unit: string;
}

const TERMINALS = ["L1", "L2", "L3"] as const;
type Quantity = (outlet: SimulatedConnector) => { value: string; unit: string; phase?: string }[];

/** The measurands the simulator's meter knows, each with its values. Phases are the charger's own terminals. */
const QUANTITIES: Readonly<Record<string, Quantity>> = {
  "Current.Import": (outlet) => perPhase(outlet, (terminal) => outlet.terminalA[terminal]!.toFixed(2), "A", ""),
  Voltage: (outlet) => perPhase(outlet, () => NOMINAL_V.toFixed(1), "V", "-N"),
  "Power.Active.Import": (outlet) => [{ value: outlet.powerW.toFixed(0), unit: "W" }],
  "Energy.Active.Import.Register": (outlet) => [{ value: outlet.registerWh.toFixed(0), unit: "Wh" }],
  "Current.Offered": (outlet) => [{ value: outlet.offeredA.toFixed(1), unit: "A" }],
  SoC: (outlet) => (outlet.socPercent === null ? [] : [{ value: outlet.socPercent.toFixed(0), unit: "Percent" }]),
};

/** Names accepted in MeterValuesSampledData. */
export const MEASURANDS: readonly string[] = Object.keys(QUANTITIES);

/** What a charge point samples unless told otherwise. */
export const DEFAULT_MEASURANDS = MEASURANDS.filter((name) => name !== "SoC").join(",");

/** A MeterValue of the measurands in a comma-separated list, as MeterValues.req carries it. */
export function meterValue(
  outlet: SimulatedConnector,
  measurands: string,
  context: SampledValue["context"],
  wallMs: number,
): { timestamp: string; sampledValue: SampledValue[] } {
  const sampledValue = measurands.split(",").flatMap((measurand) => {
    const values = QUANTITIES[measurand]?.(outlet) ?? [];
    return values.map((entry) => ({ ...entry, context, measurand }));
  });
  return { timestamp: isoTime(wallMs), sampledValue };
}

function perPhase(
  outlet: SimulatedConnector,
  value: (terminal: number) => string,
  unit: string,
  suffix: string,
): ReturnType<Quantity> {
  return TERMINALS.slice(0, outlet.wiring.phases).map((name, terminal) => ({
    value: value(terminal),
    unit,
    phase: name + suffix,
  }));
}
