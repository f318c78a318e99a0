import { EvError } from "../errors.ts";
import type { Station } from "../station/connection/station.ts";
import type { StationHandle } from "../station/types.ts";
import { requireIdle } from "./guard.ts";
import type { OperationRequest } from "./operation-request.ts";
import type { OperationName } from "./operation-types.ts";

/** A message of OCPP that carries out an operation. */
export interface OperationOrder {
  action: string;
  payload: Record<string, unknown>;
}

/** OCPP statuses in which the charge point waits for a car or its badge. */
const STARTS: ReadonlySet<string | null> = new Set(["Available", "Preparing", "Reserved", "Finishing", null]);

/** What can be done at a connector now, as far as its charge point and its state are known. */
export function possible(station: StationHandle, connector: number, isReserved: boolean): OperationName[] {
  const { definition, online, traits } = station;
  if (!definition?.ocpp || !online) return [];
  const view = station.connectors.get(connector);
  const status = view?.status ?? null;
  const charges = (view?.transaction ?? null) !== null;
  const isOut = isOutOfService(station, connector);
  const isFree = !charges && !isOut;
  const offers: Readonly<Record<OperationName, boolean>> = {
    start: isFree && STARTS.has(status),
    stop: charges,
    unlock: true,
    restart: true,
    outOfService: !isOut && !traits.config.noChangeAvailability,
    intoService: isOut && !traits.config.noChangeAvailability,
    identify: identification(station) !== null,
    reserve: isFree && !isReserved && status === "Available",
    cancel: isReserved,
  };
  return (Object.keys(offers) as OperationName[]).filter((name) => offers[name]);
}

/** Taken out of service from here, or by somebody else. */
export function isOutOfService({ inoperative, connectors }: StationHandle, connector: number): boolean {
  return (
    inoperative.includes(connector) || inoperative.includes(0) || connectors.get(connector)?.status === "Unavailable"
  );
}

/** The message at which the charge point shows itself; null where its model has none. */
function identification({ traits }: StationHandle): Record<string, unknown> | null {
  const { vendorId, messageId, data } = traits.config.identify;
  return vendorId === undefined ? null : { vendorId, ...(messageId && { messageId }), ...(data && { data }) };
}

/**
 * The message of an operation.
 * @param idTag badge to charge with
 * @throws EvError EV_MAINTENANCE_REFUSED where it cannot be done now
 */
export function orderOf(
  station: Station,
  { name, connector, hard, force }: OperationRequest,
  idTag: string,
): OperationOrder {
  const transaction = station.connectors.get(connector)?.transaction ?? null;
  switch (name) {
    case "start":
      return { action: "RemoteStartTransaction", payload: { connectorId: connector, idTag } };
    case "stop":
      if (!transaction) throw refused(station, "operationIdle", "no charge is under way there");
      return { action: "RemoteStopTransaction", payload: { transactionId: Number(transaction.transactionId) } };
    case "unlock":
      if (transaction && !force) throw refused(station, "operationCharging", "a car charges there; say force: true");
      return { action: "UnlockConnector", payload: { connectorId: connector } };
    case "restart":
      if (!force) requireIdle(station, "Reset");
      return { action: "Reset", payload: { type: hard ? "Hard" : "Soft" } };
    case "outOfService":
      return { action: "ChangeAvailability", payload: { connectorId: connector, type: "Inoperative" } };
    case "intoService":
      return {
        action: "ChangeAvailability",
        payload: { connectorId: serviceOf(station, connector), type: "Operative" },
      };
    case "identify": {
      const payload = identification(station);
      if (!payload) throw refused(station, "operationUnknown", "its model is not known to show itself");
      return { action: "DataTransfer", payload };
    }
  }
}

/** Where the whole charge point was taken out of service, the whole goes back. */
function serviceOf({ inoperative }: Station, connector: number): number {
  return inoperative.includes(0) ? 0 : connector;
}

/** @param field what people are told, as `refused.<field>` */
export function refused({ identity }: Pick<Station, "identity">, field: string, why: string): EvError {
  return new EvError("EV_MAINTENANCE_REFUSED", `${identity}: ${why}`, { field });
}
