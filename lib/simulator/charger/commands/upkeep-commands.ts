import { OcppCallError } from "../../../ocpp/rpc/call-error.ts";
import type { CertificateSignedRequest } from "../../../ocpp/v16/certificate-signed.ts";
import type { DeleteCertificateRequest } from "../../../ocpp/v16/delete-certificate.ts";
import type { ExtendedTriggerMessageRequest } from "../../../ocpp/v16/extended-trigger-message.ts";
import type { GetDiagnosticsRequest } from "../../../ocpp/v16/get-diagnostics.ts";
import type { GetInstalledCertificateIdsRequest } from "../../../ocpp/v16/get-installed-certificate-ids.ts";
import type { GetLogRequest } from "../../../ocpp/v16/get-log.ts";
import type { InstallCertificateRequest } from "../../../ocpp/v16/install-certificate.ts";
import type { SignedUpdateFirmwareRequest } from "../../../ocpp/v16/signed-update-firmware.ts";
import type { UpdateFirmwareRequest } from "../../../ocpp/v16/update-firmware.ts";
import { isCertificate } from "../certificates.ts";
import type { CommandTarget } from "./command-target.ts";

type Answer = Record<string, unknown>;
type Handler = (target: CommandTarget, request: never) => Answer;

/** Firmware and diagnostics of OCPP 1.6, and the commands of the security white paper. */
export const UPKEEP_HANDLERS: Readonly<Record<string, Handler>> = {
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
};

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
