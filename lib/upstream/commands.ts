/** What a back end is answered when it commands: by a table. Every refusal is the negative answer of the message's own schema. */
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import type { ChargingProfile } from "../ocpp/v16/charging-profile.ts";
import { type ClearRequest, type CloudProfiles, PROFILE_LIMITS, type SetAnswer } from "./profiles.ts";

type Payload = Record<string, unknown>;

/** What commands from above may do. */
export interface CommandPort {
  /** Numbers of its connectors. */
  connectors(): readonly number[];
  /** How often samples and heartbeats are sent, s. */
  sampleIntervalS(): number;
  heartbeatS(): number;
  /** Sends such a message soon. */
  report(message: "BootNotification" | "Heartbeat" | "StatusNotification", connector: number | null): void;
  /** The back end bills and may start and stop charges. */
  mayControl(): boolean;
  /** @returns whether the charger accepted it */
  start(connector: number | null, idTag: string, profile: ChargingProfile | null): Promise<boolean>;
  /** @param transactionId the back end's own number @returns whether the charger accepted it; false for a number that is not known */
  stop(transactionId: number): Promise<boolean>;
  /** Limits of the back end: they only lower. */
  profiles: Pick<CloudProfiles, "clear" | "schedule">;
  /** Resolves when it is durable. */
  setProfile(connector: number, profile: ChargingProfile): Promise<SetAnswer>;
}

type Answer = (request: Payload, port: CommandPort) => object | Promise<object>;

/** Refuses in the words of the message. */
const refused =
  (answer: object): Answer =>
  () =>
    answer;

/** A message that has no negative answer. */
const notSupported: Answer = () => {
  throw new OcppCallError(
    "NotSupported",
    "This charge point is reported by a load management, which does not pass this on",
  );
};

const verdict = (accepted: boolean) => ({ status: accepted ? "Accepted" : "Rejected" });

/** The answer to each command of OCPP 1.6. What is not here is not implemented. */
const TABLE: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ["CancelReservation", refused({ status: "Rejected" })],
  ["ChangeAvailability", refused({ status: "Rejected" })],
  ["ChangeConfiguration", changeConfiguration],
  ["ClearCache", refused({ status: "Rejected" })],
  ["ClearChargingProfile", clearProfile],
  ["DataTransfer", refused({ status: "UnknownVendorId" })],
  ["GetCompositeSchedule", compositeSchedule],
  ["GetConfiguration", getConfiguration],
  // Without a file name: there are none.
  ["GetDiagnostics", refused({})],
  ["GetLocalListVersion", refused({ listVersion: -1 })],
  ["RemoteStartTransaction", remoteStart],
  ["RemoteStopTransaction", remoteStop],
  ["ReserveNow", refused({ status: "Rejected" })],
  ["Reset", refused({ status: "Rejected" })],
  ["SendLocalList", refused({ status: "NotSupported" })],
  ["SetChargingProfile", setProfile],
  ["TriggerMessage", triggerMessage],
  ["UnlockConnector", refused({ status: "NotSupported" })],
  ["UpdateFirmware", notSupported],
]);

/** @throws OcppCallError where the message has no negative answer; undefined = no such command is known */
export function answerCommand(
  action: string,
  request: Payload,
  port: CommandPort,
): object | Promise<object> | undefined {
  return TABLE.get(action)?.(request, port);
}

interface RemoteStart {
  connectorId?: number | null;
  idTag: string;
  chargingProfile?: ChargingProfile | null;
}

async function remoteStart(request: Payload, port: CommandPort): Promise<object> {
  const { connectorId = null, idTag, chargingProfile = null } = request as unknown as RemoteStart;
  const isThere = connectorId === null || port.connectors().includes(connectorId);
  return verdict(port.mayControl() && isThere && (await port.start(connectorId, idTag, chargingProfile)));
}

async function remoteStop({ transactionId }: Payload, port: CommandPort): Promise<object> {
  return verdict(port.mayControl() && (await port.stop(transactionId as number)));
}

async function setProfile(request: Payload, port: CommandPort): Promise<object> {
  const { connectorId, csChargingProfiles } = request as { connectorId: number; csChargingProfiles: ChargingProfile };
  return { status: port.mayControl() ? await port.setProfile(connectorId, csChargingProfiles) : "NotSupported" };
}

async function clearProfile(request: Payload, port: CommandPort): Promise<object> {
  const isCleared = port.mayControl() && (await port.profiles.clear(request as ClearRequest));
  return { status: isCleared ? "Accepted" : "Unknown" };
}

function compositeSchedule(request: Payload, port: CommandPort): object {
  const { connectorId, duration, chargingRateUnit = "A" } = request as unknown as CompositeRequest;
  return port.profiles.schedule(connectorId, duration, chargingRateUnit) ?? { status: "Rejected" };
}

interface CompositeRequest {
  connectorId: number;
  duration: number;
  chargingRateUnit?: "A" | "W";
}

function triggerMessage(request: Payload, port: CommandPort): object {
  const { requestedMessage, connectorId = null } = request as { requestedMessage: string; connectorId?: number | null };
  if (connectorId !== null && connectorId !== 0 && !port.connectors().includes(connectorId))
    return { status: "Rejected" };
  switch (requestedMessage) {
    case "BootNotification":
    case "Heartbeat":
    case "StatusNotification":
      port.report(requestedMessage, connectorId);
      return { status: "Accepted" };
    default:
      return { status: "NotImplemented" };
  }
}

/** What a back end may read. Its own intervals are ours to choose. */
function keysOf(port: CommandPort): ReadonlyMap<string, string> {
  return new Map([
    ["ChargeProfileMaxStackLevel", String(PROFILE_LIMITS.stackLevel)],
    ["ChargingScheduleAllowedChargingRateUnit", "Current,Power"],
    ["ChargingScheduleMaxPeriods", String(PROFILE_LIMITS.periods)],
    ["HeartbeatInterval", String(port.heartbeatS())],
    ["MaxChargingProfilesInstalled", String(PROFILE_LIMITS.profiles)],
    ["MeterValueSampleInterval", String(port.sampleIntervalS())],
    ["MeterValuesSampledData", "Energy.Active.Import.Register,Current.Import"],
    ["NumberOfConnectors", String(port.connectors().length)],
    ["SupportedFeatureProfiles", "Core,RemoteTrigger,SmartCharging"],
  ]);
}

function getConfiguration(request: Payload, port: CommandPort): object {
  const { key = [] } = request as { key?: readonly string[] };
  const known = keysOf(port);
  const wanted = key.length > 0 ? key : [...known.keys()];
  return {
    configurationKey: wanted
      .filter((name) => known.has(name))
      .map((name) => ({ key: name, readonly: true, value: known.get(name) })),
    unknownKey: wanted.filter((name) => !known.has(name)),
  };
}

function changeConfiguration({ key }: Payload, port: CommandPort): object {
  return { status: keysOf(port).has(String(key)) ? "Rejected" : "NotSupported" };
}
