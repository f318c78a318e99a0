import { EvError } from "../errors.ts";
import type { ConnectorView } from "../station/types.ts";

/** OCPP statuses in which a car is being charged, or waits to be. */
const IN_SESSION: ReadonlySet<string | null> = new Set(["Charging", "SuspendedEV", "SuspendedEVSE"]);

/** A charge point as far as it matters here. */
export interface Guarded {
  readonly identity: string;
  readonly connectors: ReadonlyMap<number, ConnectorView>;
}

/** Connectors on which a charge would be broken off. */
export function busyConnectors({ connectors }: Guarded): number[] {
  const busy = [...connectors.values()].filter(
    ({ status, transaction }) => transaction !== null || IN_SESSION.has(status),
  );
  return busy.map(({ number }) => number).sort((a, b) => a - b);
}

/** @throws EvError EV_MAINTENANCE_REFUSED while a charge would be broken off */
export function requireIdle(station: Guarded, action: string): void {
  const busy = busyConnectors(station);
  if (busy.length === 0) return;
  const which = busy.length === 1 ? `connector ${busy[0]}` : `connectors ${busy.join(", ")}`;
  throw new EvError(
    "EV_MAINTENANCE_REFUSED",
    `${action} would break off the charge on ${which} of ${station.identity}; wait for its end, or send it with force: true`,
  );
}
