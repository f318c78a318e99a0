import type { Dialect, Meaning } from "../dialect.ts";
import type { OrderName, ProfileOrder, StationOrders } from "../orders.ts";
import { ACTIONS } from "./actions.ts";
import { HANDLERS } from "./handlers.ts";
import { MeterValuesTemplate } from "./meter-values-template.ts";
import type { SetChargingProfileRequest } from "./set-charging-profile.ts";

type Payload = Record<string, unknown>;

/** How each order is said in OCPP 1.6. */
const REQUESTS: { [Name in OrderName]: (given: StationOrders[Name]) => [action: string, payload: object] } = {
  report: ({ what: requestedMessage, connector }) => [
    "TriggerMessage",
    { requestedMessage, ...(connector !== undefined && { connectorId: connector }) },
  ],
  setProfile: (profile) => ["SetChargingProfile", profileRequest(profile)],
  readSchedule: ({ connector: connectorId, durationS: duration, unit: chargingRateUnit }) => [
    "GetCompositeSchedule",
    { connectorId, duration, chargingRateUnit },
  ],
  clearProfiles: (which) => [
    "ClearChargingProfile",
    "id" in which ? { id: which.id } : { chargingProfilePurpose: which.purpose },
  ],
  setOperative: ({ connector: connectorId, operative }) => [
    "ChangeAvailability",
    { connectorId, type: operative ? "Operative" : "Inoperative" },
  ],
  readKeys: ({ keys }) => ["GetConfiguration", keys.length > 0 ? { key: keys } : {}],
  writeKey: ({ key, value }) => ["ChangeConfiguration", { key, value }],
  listVersion: () => ["GetLocalListVersion", {}],
  sendList: (list) => ["SendLocalList", list],
  startTransaction: ({ idTag, connector }) => [
    "RemoteStartTransaction",
    { idTag, ...(connector !== undefined && { connectorId: connector }) },
  ],
  stopTransaction: ({ transactionId }) => ["RemoteStopTransaction", { transactionId: Number(transactionId) }],
  reserve: ({ id: reservationId, connector: connectorId, until: expiryDate, ...badge }) => [
    "ReserveNow",
    { connectorId, expiryDate, ...badge, reservationId },
  ],
  cancelReservation: ({ id: reservationId }) => ["CancelReservation", { reservationId }],
};

/** OCPP 1.6 with its security white paper. */
export const OCPP16: Dialect = {
  subprotocol: "ocpp1.6",
  actions: ACTIONS,
  templates: new Map([["MeterValues", MeterValuesTemplate.of]]),
  hear: (action, payload, station, context) => HANDLERS.get(action)?.(payload, station, context),
  request: (order, given) => {
    const [action, payload] = REQUESTS[order](given);
    return { action, payload };
  },
  meaning: (action, payload) => meaningOf(action, (payload ?? {}) as Payload),
};

function profileRequest(order: ProfileOrder): SetChargingProfileRequest {
  const { connector, id, level, purpose, transactionId, startsAt, unit, periods } = order;
  return {
    connectorId: connector,
    csChargingProfiles: {
      chargingProfileId: id,
      ...(transactionId !== null && { transactionId: Number(transactionId) }),
      stackLevel: level,
      chargingProfilePurpose: purpose,
      chargingProfileKind: startsAt === null ? "Relative" : "Absolute",
      chargingSchedule: {
        ...(startsAt !== null && { startSchedule: startsAt }),
        chargingRateUnit: unit,
        chargingSchedulePeriod: periods.map(({ startS, limit, phases }) => ({
          startPeriod: startS,
          limit,
          ...(phases !== undefined && { numberPhases: phases }),
        })),
      },
    },
  };
}

function meaningOf(
  action: string,
  { requestedMessage, connectorId, type, key, value, idTag }: Payload,
): Meaning | null {
  const connector = typeof connectorId === "number" ? connectorId : undefined;
  switch (action) {
    case "TriggerMessage":
      return {
        order: "report",
        given: { what: requestedMessage as "MeterValues", ...(connector !== undefined && { connector }) },
      };
    case "ChangeAvailability":
      return { order: "setOperative", given: { connector: connector ?? 0, operative: type !== "Inoperative" } };
    case "ChangeConfiguration":
      return { order: "writeKey", given: { key: String(key), value: String(value) } };
    case "RemoteStartTransaction":
      return typeof idTag === "string" ? { order: "startTransaction", given: { idTag } } : null;
    default:
      return null;
  }
}
