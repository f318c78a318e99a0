import { EvError } from "../errors.ts";
import type { Station } from "../station/connection/station.ts";

/** OCPP statuses in which a car is being charged, or waits to be. */
const IN_SESSION: ReadonlySet<string | null> = new Set(["Charging", "SuspendedEV", "SuspendedEVSE"]);

/** Connectors at which a charge would be broken off. */
export function chargingAt({ connectors }: Pick<Station, "connectors">): number[] {
  return [...connectors.values()]
    .filter(({ status, transaction }) => transaction !== null || IN_SESSION.has(status))
    .map(({ number }) => number)
    .sort((a, b) => a - b);
}

/** @throws EvError EV_MAINTENANCE_REFUSED while a charge would be broken off */
export function requireIdle(station: Station, action: string): void {
  const { identity } = station;
  const busy = chargingAt(station);
  if (busy.length === 0) return;
  const which = busy.length === 1 ? `connector ${busy[0]}` : `connectors ${busy.join(", ")}`;
  throw new EvError(
    "EV_MAINTENANCE_REFUSED",
    `${action} would break off the charge on ${which} of ${identity}; wait for its end, or send it with force: true`,
    { field: "operationCharging" },
  );
}
