/** What a back end is answered when it commands: by a table. Every refusal is the negative answer of the message's own schema. */
import type { ChargingProfile } from "../ocpp/v16/charging-profile.ts";
import type { ChangeAnswer, ToldKey } from "./overlay.ts";
import type { ClearRequest, CloudProfiles, SetAnswer } from "./profiles.ts";
import type { Upkeep } from "./upkeep.ts";

type Payload = Record<string, unknown>;

/** What commands from above may do. */
export interface CommandPort {
  /** Numbers of its connectors. */
  connectors(): readonly number[];
  /** What it has set for its own reports. */
  keys(): ReadonlyMap<string, ToldKey>;
  /** Resolves when it is durable. */
  changeKey(key: string, value: string): Promise<ChangeAnswer>;
  /** Hands a message of a vendor's own kind to the charger; null = of a vendor that is not listed. */
  data(request: Payload): Promise<object> | null;
  /** What it asks of the charger itself. */
  upkeep: Pick<Upkeep, "reset" | "updateFirmware" | "getDiagnostics">;
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

const verdict = (accepted: boolean) => ({ status: accepted ? "Accepted" : "Rejected" });

/** The answer to each command of OCPP 1.6. What is not here is not implemented. */
const TABLE: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ["CancelReservation", refused({ status: "Rejected" })],
  ["ChangeAvailability", refused({ status: "Rejected" })],
  ["ChangeConfiguration", changeConfiguration],
  ["ClearCache", refused({ status: "Rejected" })],
  ["ClearChargingProfile", clearProfile],
  ["DataTransfer", (request, { data }) => data(request) ?? { status: "UnknownVendorId" }],
  ["GetCompositeSchedule", compositeSchedule],
  ["GetConfiguration", getConfiguration],
  ["GetDiagnostics", (request, { upkeep }) => upkeep.getDiagnostics(request)],
  ["GetLocalListVersion", refused({ listVersion: -1 })],
  ["RemoteStartTransaction", remoteStart],
  ["RemoteStopTransaction", remoteStop],
  ["ReserveNow", refused({ status: "Rejected" })],
  ["Reset", reset],
  ["SendLocalList", refused({ status: "NotSupported" })],
  ["SetChargingProfile", setProfile],
  ["TriggerMessage", triggerMessage],
  ["UnlockConnector", refused({ status: "NotSupported" })],
  ["UpdateFirmware", (request, { upkeep }) => upkeep.updateFirmware(request)],
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

function getConfiguration(request: Payload, port: CommandPort): object {
  const { key = [] } = request as { key?: readonly string[] };
  const known = port.keys();
  const wanted = key.length > 0 ? key : [...known.keys()];
  return {
    configurationKey: wanted.filter((name) => known.has(name)).map((name) => ({ key: name, ...known.get(name) })),
    unknownKey: wanted.filter((name) => !known.has(name)),
  };
}

async function changeConfiguration({ key, value }: Payload, port: CommandPort): Promise<object> {
  return { status: await port.changeKey(String(key), String(value)) };
}

async function reset({ type }: Payload, { upkeep }: CommandPort): Promise<object> {
  return verdict(await upkeep.reset(type === "Hard" ? "Hard" : "Soft"));
}
