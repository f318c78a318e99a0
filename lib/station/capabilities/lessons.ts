import type { StartFact } from "../../ocpp/facts.ts";
import { CLOCK_OFF_MS } from "../../thresholds.ts";
import { type Departure, drewTooMuch } from "../connection/absence.ts";
import type { ClockSkew, RememberedClock } from "../connection/clock-skew.ts";
import type { MeterOutcome } from "../transactions/connectors.ts";
import type { ConnectorView } from "../types.ts";
import type { CapabilityFact } from "./capabilities.ts";
import type { LearntFacts, Traits } from "./models/types.ts";

/** Under what its clock is remembered. */
const OFFSET = "charger.clockOffsetS";
const AHEAD = "charger.clockAheadS";
const STAYS_WRONG = "charger.clockStaysWrong";

/** What live meter values teach about a charge point. @param declared its traits without anything learnt */
export function lessonsOfReading(
  { reading, replay }: MeterOutcome,
  skew: ClockSkew,
  known: LearntFacts,
  declared: Traits,
): CapabilityFact[] {
  const facts: CapabilityFact[] = [];
  if (reading && !replay && reading.offeredA !== null && declared.meter.offersCurrent === "probe") {
    facts.push({ path: "meter.offersCurrent", value: "yes", how: "MeterValues carried Current.Offered" });
  }
  const offsetS = Math.round(skew.ms / 1000);
  const before = rememberedClock(known);
  if (Math.abs(offsetS - before.offsetS) >= CLOCK_OFF_MS / 1000) {
    facts.push({ path: OFFSET, value: offsetS, how: "time stamps of three meter values in a row" });
  }
  const aheadS = Math.round(skew.aheadMs / 1000);
  if (Math.abs(aheadS - before.aheadS) >= CLOCK_OFF_MS / 1000) {
    facts.push({ path: AHEAD, value: aheadS, how: "the time stamp of a meter value" });
  }
  if (skew.staysWrong !== before.staysWrong) {
    facts.push({ path: STAYS_WRONG, value: skew.staysWrong, how: "its clock before and after a boot" });
  }
  if (skew.wanders && declared.smart.kind === "Absolute") {
    const how = "its clock moved by more than 30 s more than once without a boot";
    facts.push({ path: "smart.kind", value: "Relative", how });
  }
  return facts;
}

/**
 * What the first reading after an absence teaches: a charge point that drew more than its limits allowed does not keep them when it is
 * disconnected.
 */
export function lessonsOfReturn(departure: Departure, backWh: number, backMs: number): CapabilityFact[] {
  const drawn = drewTooMuch(departure, backWh, backMs);
  if (!drawn) return [];
  const minutes = Math.round((backMs - departure.atMs) / 60_000);
  const how = `drew ${kWh(drawn.drawnWh)} kWh in ${minutes} min away, its limits allow ${kWh(drawn.allowedWh)} kWh`;
  return [{ path: "smart.keepsProfilesOffline", value: false, how }];
}

const kWh = (energyWh: number): string => (energyWh / 1000).toFixed(1);

/** What a start of charging teaches: a register that begins at 0 again counts sessions. */
export function lessonsOfStart({ meterStartWh }: StartFact, live: ConnectorView | undefined): CapabilityFact[] {
  if (meterStartWh !== 0 || (live?.energyWh ?? 0) <= 0) return [];
  return [{ path: "meter.sessionRegister", value: true, how: "its register began at 0 again with a transaction" }];
}

export function rememberedClock({ values }: LearntFacts): RememberedClock {
  const offsetS = values[OFFSET]?.value;
  const aheadS = values[AHEAD]?.value;
  return {
    offsetS: typeof offsetS === "number" ? offsetS : 0,
    aheadS: typeof aheadS === "number" ? Math.max(0, aheadS) : 0,
    staysWrong: values[STAYS_WRONG]?.value === true,
  };
}
