import type { StartTransactionRequest } from "../ocpp/v16/index.ts";
import type { Fact } from "./character.ts";
import type { ClockSkew } from "./clock-skew.ts";
import type { LearntFacts, Traits } from "./models/types.ts";
import type { MeterOutcome } from "./outlets.ts";
import type { ConnectorView } from "./types.ts";

/** A clock offset is noted anew when it changed by this, s. */
const OFFSET_NEWS_S = 5;

/** Under what its clock's offset is remembered. */
const OFFSET = "charger.clockOffsetS";

/** What live meter values teach about a charge point. @param declared its traits without anything learnt */
export function lessonsOfReading(
  { reading, replay }: MeterOutcome,
  skew: ClockSkew,
  known: LearntFacts,
  declared: Traits,
): Fact[] {
  const facts: Fact[] = [];
  if (reading && !replay && reading.offeredA !== null && declared.meter.offersCurrent === "probe") {
    facts.push({ path: "meter.offersCurrent", value: "yes", how: "MeterValues carried Current.Offered" });
  }
  const offsetS = Math.round(skew.ms / 1000);
  if (Math.abs(offsetS - rememberedOffsetS(known)) >= OFFSET_NEWS_S) {
    facts.push({ path: OFFSET, value: offsetS, how: "time stamps of three meter values in a row" });
  }
  if (skew.wanders && declared.smart.kind === "Absolute") {
    const how = "its clock moved by more than 30 s more than once without a boot";
    facts.push({ path: "smart.kind", value: "Relative", how });
  }
  return facts;
}

/** What a start of charging teaches: a register that begins at 0 again counts sessions. */
export function lessonsOfStart({ meterStart }: StartTransactionRequest, live: ConnectorView | undefined): Fact[] {
  if (meterStart !== 0 || (live?.energyWh ?? 0) <= 0) return [];
  return [{ path: "meter.sessionRegister", value: true, how: "its register began at 0 again with a transaction" }];
}

/** How far its clock was behind ours when it was last seen, s. */
export function rememberedOffsetS({ values }: LearntFacts): number {
  const value = values[OFFSET]?.value;
  return typeof value === "number" ? value : 0;
}
