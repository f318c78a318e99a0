import type { Configuration } from "../setup/configuration.ts";
import type { CapabilityFact } from "./capabilities.ts";
import { claimedCount } from "./learnable.ts";
import { CLAIMED } from "./models/resolve.ts";
import type { Traits } from "./models/types.ts";

/** Numbers that a charge point is asked for where neither model nor person gives them. */
const COUNTS = [
  ["smart.stackMax", "ChargeProfileMaxStackLevel", ({ smart }: Traits) => smart.stackMax],
  ["smart.maxPeriods", "ChargingScheduleMaxPeriods", ({ smart }: Traits) => smart.maxPeriods],
  ["smart.maxInstalled", "MaxChargingProfilesInstalled", ({ smart }: Traits) => smart.maxInstalled],
  ["charger.connectors", "NumberOfConnectors", () => null],
  ["charger.meterIntervalS", "MeterValueSampleInterval", () => null],
] as const;

/**
 * What a charge point claims of itself in its configuration (OCPP 1.6 §9.1, §9.4), as far as it makes sense and its model leaves
 * the question open. Its list of feature profiles is noted and decides nothing: it is often wrong.
 * @param declared its traits without anything learnt
 */
export function claimsOf(configuration: Configuration, declared: Traits): CapabilityFact[] {
  const facts: CapabilityFact[] = [];
  const claim = (path: string, value: CapabilityFact["value"] | null): void => {
    if (value !== null) facts.push({ path, value, how: CLAIMED });
  };
  if (declared.smart.unit === "auto") {
    claim("smart.unit", unitOf(configuration.value("ChargingScheduleAllowedChargingRateUnit")));
  }
  for (const [path, key, known] of COUNTS) {
    if (known(declared) === null) claim(path, claimedCount(path, configuration.value(key)));
  }
  const features = configuration.value("SupportedFeatureProfiles");
  if (features) claim("charger.featureProfiles", listOf(features).slice(0, 20));
  const switches = configuration.value("ConnectorSwitch3to1PhaseSupported")?.toLowerCase();
  if (declared.smart.switchesPhases === "probe" && (switches === "true" || switches === "false"))
    claim("smart.switchesPhases", switches === "true" ? "yes" : "no");
  if (configuration.maxKeys !== null && declared.config.maxKeys === null) {
    const how = "it did not list all its keys at once";
    facts.push({ path: "config.maxKeys", value: configuration.maxKeys, how });
  }
  return facts;
}

/** The entries of a comma-separated list, without blanks. */
export function listOf(text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  return items.filter((item) => item !== "");
}

/** "Current", "A", "Power", "W" and lists of them are in the field (errata 3.88); both means A. null where it says neither. */
function unitOf(value: string | undefined): "A" | "W" | null {
  const tokens = new Set(value?.toLowerCase().split(/[^a-z]+/));
  if (tokens.has("current") || tokens.has("a")) return "A";
  return tokens.has("power") || tokens.has("w") ? "W" : null;
}
