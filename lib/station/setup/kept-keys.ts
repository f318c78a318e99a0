import type { Traits } from "../capabilities/models/types.ts";
import { ownName } from "./configuration.ts";

/** Meter interval the load management likes best, s. */
export const SAMPLE_INTERVAL_S = 10;

/** The charge point's own pings keep its connection alive through routers, s. */
export const PING_S = 30;

/** How often set-up wants readings of this charge point, s. */
export function sampleIntervalS({ config }: Pick<Traits, "config">): number {
  return Math.max(SAMPLE_INTERVAL_S, config.minIntervalS);
}

/**
 * Keys that are written from here by themselves, after each boot or while cars charge: by the charge point's own name in lower case,
 * with the value that is wanted; null = one that changes, or that only the central system knows.
 * @param called what people call the charge point and where it is; empty = nothing is said, and nothing written
 */
export function keptKeys(
  traits: Traits,
  called: Readonly<Record<"name" | "place", string>>,
): ReadonlyMap<string, string | null> {
  const { config, transaction, smart } = traits;
  const kept = new Map<string, string | null>();
  const keep = (standard: string, value: string | null) => kept.set(ownName(config, standard).toLowerCase(), value);
  keep("MeterValueSampleInterval", String(sampleIntervalS(traits)));
  keep("ClockAlignedDataInterval", transaction.withoutTransactions ? String(sampleIntervalS(traits)) : null);
  if (transaction.withoutTransactions) keep("MeterValuesAlignedData", config.measurands.join(","));
  keep("HeartbeatInterval", null);
  keep("WebSocketPingInterval", String(PING_S));
  if (config.measurandMode !== "never") keep("MeterValuesSampledData", config.measurands.join(","));
  for (const field of ["name", "place"] as const) {
    const key = config.nameKeys[field];
    if (key !== undefined) keep(key, called[field] || null);
  }
  if (smart.phaseKey["key"] !== undefined) keep(smart.phaseKey["key"], null);
  return kept;
}
