import { OcppCallError } from "../../ocpp/rpc/call-error.ts";
import type { CertificateSignedRequest } from "../../ocpp/v16/certificate-signed.ts";
import type { DeleteCertificateRequest } from "../../ocpp/v16/delete-certificate.ts";
import type { ExtendedTriggerMessageRequest } from "../../ocpp/v16/extended-trigger-message.ts";
import type { GetDiagnosticsRequest } from "../../ocpp/v16/get-diagnostics.ts";
import type { GetInstalledCertificateIdsRequest } from "../../ocpp/v16/get-installed-certificate-ids.ts";
import type { GetLogRequest } from "../../ocpp/v16/get-log.ts";
import type {
  CancelReservationRequest,
  ChangeAvailabilityRequest,
  ChangeConfigurationRequest,
  ClearChargingProfileRequest,
  DataTransferRequest,
  GetCompositeScheduleRequest,
  GetConfigurationRequest,
  RemoteStartTransactionRequest,
  RemoteStopTransactionRequest,
  ReserveNowRequest,
  ResetRequest,
  SetChargingProfileRequest,
  TriggerMessageRequest,
  UnlockConnectorRequest,
} from "../../ocpp/v16/index.ts";
import type { InstallCertificateRequest } from "../../ocpp/v16/install-certificate.ts";
import type { SendLocalListRequest } from "../../ocpp/v16/send-local-list.ts";
import type { SignedUpdateFirmwareRequest } from "../../ocpp/v16/signed-update-firmware.ts";
import type { UpdateFirmwareRequest } from "../../ocpp/v16/update-firmware.ts";
import { type Certificates, isCertificate } from "./certificates.ts";
import type { Charger } from "./charger.ts";
import type { FileWork } from "./file-work.ts";
import { isPasswordKey, keyChange } from "./key-change.ts";
import { refusalOf } from "./refusal.ts";

/** The charge point around the charger, as commands need it. */
export interface CommandTarget {
  readonly charger: Charger;
  readonly files: FileWork;
  readonly certificates: Certificates;
  readonly vendor: string;
  /** The central system has accepted this charge point. */
  readonly accepted: boolean;
  /** Does something soon after the answer has left. */
  afterwards(action: () => void): void;
  trigger(message: TriggerMessageRequest["requestedMessage"], connectorId: number | undefined): void;
  reboot(reason: "SoftReset" | "HardReset"): void;
  /** Sends a message that may be lost. */
  say(action: string, payload: Record<string, unknown>): void;
  /** It has a new password: from a new connection on, at once or after the next restart. */
  newPassword(password: Buffer, atOnce: boolean): void;
  /** A configuration key has a new value. */
  configured(key: string): void;
}

type Answer = Record<string, unknown>;
type Handler = (target: CommandTarget, request: never) => Answer;

/** What the simulated charge point does on each CALL of a central system: Core, SmartCharging, RemoteTrigger and firmware of OCPP 1.6, and its security extension. */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>(
  Object.entries({
    CancelReservation: ({ charger }, { reservationId }: CancelReservationRequest) => {
      reservations(charger, "CancelReservation");
      return { status: charger.cancelReservation(reservationId) ? "Accepted" : "Rejected" };
    },

    ChangeAvailability: ({ charger }, { connectorId, type }: ChangeAvailabilityRequest) =>
      connectorId > 1 ? { status: "Rejected" } : { status: charger.setOperative(type === "Operative") },

    ChangeConfiguration: (target, { key, value }: ChangeConfigurationRequest) => {
      if (isPasswordKey(key)) return changePassword(target, value);
      const { configuration, behaviour } = target.charger;
      if (behaviour.settings === "refuse") return { status: "Rejected" };
      if (behaviour.settings === "afterRestart") return { status: configuration.writeLater(key, value) };
      const status = configuration.write(key, value);
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

    GetDiagnostics: (target, { location }: GetDiagnosticsRequest) => {
      const { charger, files } = target;
      if (charger.behaviour.uploads === "nothing") return {};
      const fileName = files.fileName();
      const telling = { action: "DiagnosticsStatusNotification", requestId: null };
      target.afterwards(() => files.upload(location, fileName, telling));
      return { fileName };
    },

    UpdateFirmware: (target, { location, retrieveDate }: UpdateFirmwareRequest) => {
      const telling = { action: "FirmwareStatusNotification", requestId: null };
      target.afterwards(() => target.files.update(location, Date.parse(retrieveDate), telling));
      return {};
    },

    GetLog: secured((target, { log, requestId }: GetLogRequest) => {
      const { charger, files } = target;
      if (charger.behaviour.uploads === "nothing") return { status: "Rejected" };
      const filename = files.fileName();
      const telling = { action: "LogStatusNotification", requestId };
      target.afterwards(() => files.upload(log.remoteLocation, filename, telling));
      return { status: "Accepted", filename };
    }),

    SignedUpdateFirmware: secured((target, { firmware, requestId }: SignedUpdateFirmwareRequest) => {
      if (!firmware.signingCertificate.includes("BEGIN CERTIFICATE")) return { status: "InvalidCertificate" };
      const telling = { action: "SignedFirmwareStatusNotification", requestId };
      target.afterwards(() => target.files.update(firmware.location, Date.parse(firmware.retrieveDateTime), telling));
      return { status: "Accepted" };
    }),

    InstallCertificate: secured(
      ({ charger, certificates }, { certificateType, certificate }: InstallCertificateRequest) => ({
        status: charger.behaviour.refusesCertificates ? "Rejected" : certificates.install(certificateType, certificate),
      }),
    ),

    GetInstalledCertificateIds: secured(({ certificates }, { certificateType }: GetInstalledCertificateIdsRequest) => {
      const held = certificates.list(certificateType);
      return held.length > 0 ? { status: "Accepted", certificateHashData: held } : { status: "NotFound" };
    }),

    DeleteCertificate: secured(({ charger, certificates }, { certificateHashData }: DeleteCertificateRequest) => ({
      status: charger.behaviour.refusesCertificates ? "Failed" : certificates.delete(certificateHashData),
    })),

    CertificateSigned: secured(({ charger }, { certificateChain }: CertificateSignedRequest) => ({
      status: !charger.behaviour.refusesCertificates && isCertificate(certificateChain) ? "Accepted" : "Rejected",
    })),

    ExtendedTriggerMessage: secured(extendedTrigger),

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

    ReserveNow: ({ charger }, request: ReserveNowRequest) => {
      reservations(charger, "ReserveNow");
      return { status: request.connectorId === 1 ? charger.reserve(request) : "Rejected" };
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
  if (!charger.reservation.admits(idTag)) return { status: "Rejected" };
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

/** @throws OcppCallError NotImplemented where the charge point knows nothing of smart charging */
function smartCharging({ behaviour }: Charger): void {
  if (behaviour.profileAnswer === "notImplemented")
    throw new OcppCallError("NotImplemented", "smart charging is not implemented");
}

/** @throws OcppCallError NotSupported where the charge point takes no reservations */
function reservations({ behaviour }: Charger, action: string): void {
  if (!behaviour.reservations) throw new OcppCallError("NotSupported", `${action} is not supported`);
}

/** SetChargingProfile. @throws OcppCallError as the behaviour says, and for a connector it has not */
function setChargingProfile(
  { charger }: { charger: Charger },
  { connectorId, csChargingProfiles }: SetChargingProfileRequest,
): Answer {
  smartCharging(charger);
  const { profileAnswer } = charger.behaviour;
  if (profileAnswer === "notSupported") return { status: "NotSupported" };
  if (profileAnswer === "reject" || profileAnswer === "silence") return { status: "Rejected" };
  if (connectorId > 1) throw new OcppCallError("PropertyConstraintViolation", `there is no connector ${connectorId}`);
  return { status: charger.install(connectorId, csChargingProfiles) === null ? "Accepted" : "Rejected" };
}

/** GetCompositeSchedule. @throws OcppCallError as the behaviour says */
function composite(
  { charger }: { charger: Charger },
  { connectorId, duration, chargingRateUnit }: GetCompositeScheduleRequest,
): Answer {
  smartCharging(charger);
  const { composite: answer, units } = charger.behaviour;
  if (answer === "notSupported") throw new OcppCallError("NotSupported", "GetCompositeSchedule is not supported");
  if (answer === "error") throw new OcppCallError("InternalError", "");
  if (connectorId > 1 || answer === "reject" || (connectorId === 0 && answer === "connectorOnly"))
    return { status: "Rejected" };
  const chargingSchedule = charger.composite(duration, chargingRateUnit ?? units[0] ?? "A");
  return { status: "Accepted", connectorId, scheduleStart: chargingSchedule.startSchedule, chargingSchedule };
}

/** @throws OcppCallError NotImplemented where the charge point knows nothing of the security extension */
function secured<T>(
  handler: (target: CommandTarget, request: T) => Answer,
): (target: CommandTarget, request: T) => Answer {
  return (target, request) => {
    if (!target.charger.behaviour.security)
      throw new OcppCallError("NotImplemented", "the security extension is not implemented");
    return handler(target, request);
  };
}

function extendedTrigger(target: CommandTarget, request: ExtendedTriggerMessageRequest): Answer {
  const { requestedMessage, connectorId } = request;
  if ((connectorId ?? 1) !== 1) return { status: "Rejected" };
  target.afterwards(() => {
    if (requestedMessage === "SignChargePointCertificate") target.say("SignCertificate", { csr: SIGNING_REQUEST });
    else if (requestedMessage === "LogStatusNotification") target.say("LogStatusNotification", { status: "Idle" });
    else if (requestedMessage === "FirmwareStatusNotification")
      target.say("SignedFirmwareStatusNotification", { status: "Idle" });
    else target.trigger(requestedMessage, connectorId);
  });
  return { status: "Accepted" };
}

/** Stands for a request; whoever signs it looks at its own. */
const SIGNING_REQUEST = "-----BEGIN CERTIFICATE REQUEST-----\nMIIBSIMULATED\n-----END CERTIFICATE REQUEST-----\n";
