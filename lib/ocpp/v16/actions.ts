import type { ActionSpec } from "./action.ts";
import { authorize } from "./authorize.ts";
import { bootNotification } from "./boot-notification.ts";
import { cancelReservation } from "./cancel-reservation.ts";
import { certificateSigned } from "./certificate-signed.ts";
import { changeAvailability } from "./change-availability.ts";
import { changeConfiguration } from "./change-configuration.ts";
import { clearCache } from "./clear-cache.ts";
import { clearChargingProfile } from "./clear-charging-profile.ts";
import { dataTransfer } from "./data-transfer.ts";
import { deleteCertificate } from "./delete-certificate.ts";
import { diagnosticsStatusNotification } from "./diagnostics-status-notification.ts";
import { extendedTriggerMessage } from "./extended-trigger-message.ts";
import { firmwareStatusNotification } from "./firmware-status-notification.ts";
import { getCompositeSchedule } from "./get-composite-schedule.ts";
import { getConfiguration } from "./get-configuration.ts";
import { getDiagnostics } from "./get-diagnostics.ts";
import { getInstalledCertificateIds } from "./get-installed-certificate-ids.ts";
import { getLocalListVersion } from "./get-local-list-version.ts";
import { getLog } from "./get-log.ts";
import { heartbeat } from "./heartbeat.ts";
import { installCertificate } from "./install-certificate.ts";
import { logStatusNotification } from "./log-status-notification.ts";
import { meterValues } from "./meter-values.ts";
import { remoteStartTransaction } from "./remote-start-transaction.ts";
import { remoteStopTransaction } from "./remote-stop-transaction.ts";
import { reserveNow } from "./reserve-now.ts";
import { reset } from "./reset.ts";
import { securityEventNotification } from "./security-event-notification.ts";
import { sendLocalList } from "./send-local-list.ts";
import { setChargingProfile } from "./set-charging-profile.ts";
import { signCertificate } from "./sign-certificate.ts";
import { signedFirmwareStatusNotification } from "./signed-firmware-status-notification.ts";
import { signedUpdateFirmware } from "./signed-update-firmware.ts";
import { startTransaction } from "./start-transaction.ts";
import { statusNotification } from "./status-notification.ts";
import { stopTransaction } from "./stop-transaction.ts";
import { triggerMessage } from "./trigger-message.ts";
import { unlockConnector } from "./unlock-connector.ts";
import { updateFirmware } from "./update-firmware.ts";

const SPECS: readonly ActionSpec[] = [
  authorize,
  bootNotification,
  dataTransfer,
  diagnosticsStatusNotification,
  firmwareStatusNotification,
  heartbeat,
  meterValues,
  startTransaction,
  statusNotification,
  stopTransaction,
  logStatusNotification,
  securityEventNotification,
  signCertificate,
  signedFirmwareStatusNotification,
  cancelReservation,
  changeAvailability,
  changeConfiguration,
  clearCache,
  clearChargingProfile,
  getCompositeSchedule,
  getConfiguration,
  getDiagnostics,
  getLocalListVersion,
  remoteStartTransaction,
  remoteStopTransaction,
  reserveNow,
  reset,
  sendLocalList,
  setChargingProfile,
  triggerMessage,
  unlockConnector,
  updateFirmware,
  certificateSigned,
  deleteCertificate,
  extendedTriggerMessage,
  getInstalledCertificateIds,
  getLog,
  installCertificate,
  signedUpdateFirmware,
];

/**
 * Every action of OCPP 1.6 edition 2 and of its security white paper, by name. A Map, so that a peer's `constructor` or `__proto__`
 * finds nothing.
 */
export const ACTIONS: ReadonlyMap<string, ActionSpec> = new Map(SPECS.map((spec) => [spec.action, spec]));
