import { OcppCallError } from "../../../ocpp/rpc/call-error.ts";
import type {
  ChangeAvailabilityRequest,
  ChangeConfigurationRequest,
  ClearChargingProfileRequest,
  DataTransferRequest,
  GetConfigurationRequest,
  RemoteStartTransactionRequest,
  RemoteStopTransactionRequest,
  ResetRequest,
  TriggerMessageRequest,
  UnlockConnectorRequest,
} from "../../../ocpp/v16/index.ts";
import type { SendLocalListRequest } from "../../../ocpp/v16/send-local-list.ts";
import { refusalOf } from "../refusal.ts";
import type { CommandTarget } from "./command-target.ts";
import { isPasswordKey, keyChange } from "./key-change.ts";
import { composite, setChargingProfile, smartCharging } from "./smart-charging.ts";
import { UPKEEP_HANDLERS } from "./upkeep-commands.ts";

type Answer = Record<string, unknown>;
type Handler = (target: CommandTarget, request: never) => Answer;

/** What the simulated charge point does on each CALL of a central system: Core, SmartCharging, RemoteTrigger and firmware of OCPP 1.6, and its security extension. */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>(
  Object.entries({
    ChangeAvailability: ({ charger }, { connectorId, type }: ChangeAvailabilityRequest) =>
      connectorId > 1 ? { status: "Rejected" } : { status: charger.setOperative(type === "Operative") },

    ChangeConfiguration: (target, { key, value }: ChangeConfigurationRequest) => {
      if (isPasswordKey(key)) return changePassword(target, value);
      const status = target.charger.configuration.write(key, value);
      if (status === "Accepted") target.configured(key);
      return { status };
    },

    ClearCache: ({ charger }) => {
      charger.session.clearCache();
      return { status: "Accepted" };
    },

    ClearChargingProfile: ({ charger }, filter: ClearChargingProfileRequest) => {
      smartCharging(charger);
      const cleared = charger.profiles.clear(filter);
      charger.step();
      return { status: cleared > 0 ? "Accepted" : "Unknown" };
    },

    DataTransfer: ({ vendor }, { vendorId }: DataTransferRequest) => ({
      status: vendorId === vendor ? "UnknownMessageId" : "UnknownVendorId",
    }),

    ...UPKEEP_HANDLERS,
    GetCompositeSchedule: composite,
    GetConfiguration: getConfiguration,
    GetLocalListVersion: ({ charger }) => ({ listVersion: charger.badges.version }),

    RemoteStartTransaction: remoteStart,

    RemoteStopTransaction: (target, { transactionId }: RemoteStopTransactionRequest) => {
      const { transaction } = target.charger.session;
      if (!target.accepted || transaction === null || transaction.id !== transactionId) return { status: "Rejected" };
      target.afterwards(() => target.charger.stop("Remote"));
      return { status: "Accepted" };
    },

    Reset: (target, { type }: ResetRequest) => {
      target.afterwards(() => target.reboot(type === "Hard" ? "HardReset" : "SoftReset"));
      return { status: "Accepted" };
    },

    SendLocalList: ({ charger }, request: SendLocalListRequest) => charger.badges.take(request),

    SetChargingProfile: setChargingProfile,
    TriggerMessage: triggerMessage,

    UnlockConnector: (target, { connectorId }: UnlockConnectorRequest) => {
      if (connectorId !== 1) return { status: "NotSupported" };
      target.afterwards(() => target.charger.stop("UnlockCommand"));
      return { status: "Unlocked" };
    },
  } satisfies Record<string, Handler>),
);

/**
 * Answers a CALL of the central system whose payload has been checked.
 * @throws OcppCallError NotSupported for an action that this charge point has not, PropertyConstraintViolation for a connector it has not
 */
export function answerCommand(target: CommandTarget, action: string, payload: Record<string, unknown>): Answer {
  const handler = HANDLERS.get(action);
  if (!handler) throw new OcppCallError("NotSupported", `${action} is not supported`);
  return handler(target, payload as never);
}

/** As the white paper has it, a charge point with a new password connects anew (A01.FR.06). */
function changePassword(target: CommandTarget, value: string): Answer {
  const { status, password } = keyChange(value, target.charger.behaviour);
  if (password) target.afterwards(() => target.newPassword(password, status === "Accepted"));
  return { status };
}

function remoteStart(
  target: CommandTarget,
  { connectorId, idTag, chargingProfile }: RemoteStartTransactionRequest,
): Answer {
  const { charger } = target;
  if (!target.accepted || !charger.startable || (connectorId ?? 1) !== 1) return { status: "Rejected" };
  if (chargingProfile) {
    const unstarted = { id: null, startWallMs: 0 };
    const fits =
      chargingProfile.chargingProfilePurpose === "TxProfile" &&
      refusalOf(1, chargingProfile, unstarted, charger.behaviour) === null;
    if (!fits) return { status: "Rejected" };
  }
  target.afterwards(() => charger.admit(idTag, chargingProfile ?? null));
  return { status: "Accepted" };
}

function getConfiguration(target: CommandTarget, { key = [] }: GetConfigurationRequest): Answer {
  const { charger } = target;
  const { maxKeys, restartsOnKey } = charger.behaviour;
  if (restartsOnKey !== null && key.includes(restartsOnKey)) target.afterwards(() => target.reboot("HardReset"));
  if (key.length > maxKeys) throw new OcppCallError("OccurenceConstraintViolation", `more than ${maxKeys} keys`);
  return charger.configuration.read(key) as unknown as Answer;
}

function triggerMessage(target: CommandTarget, { requestedMessage, connectorId }: TriggerMessageRequest): Answer {
  const { triggers } = target.charger.behaviour;
  if (triggers === "notImplemented") return { status: "NotImplemented" };
  const early = triggers === "charging" && requestedMessage === "MeterValues" && !target.charger.charging;
  if (early || (connectorId ?? 1) !== 1) return { status: "Rejected" };
  target.afterwards(() => target.trigger(requestedMessage, connectorId));
  return { status: "Accepted" };
}
