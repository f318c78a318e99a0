import type { TSchema } from "typebox";
import { authorizeRequest, authorizeResponse } from "./authorize.ts";
import { bootNotificationRequest, bootNotificationResponse } from "./boot-notification.ts";
import { cancelReservationRequest, cancelReservationResponse } from "./cancel-reservation.ts";
import { changeAvailabilityRequest, changeAvailabilityResponse } from "./change-availability.ts";
import { changeConfigurationRequest, changeConfigurationResponse } from "./change-configuration.ts";
import { clearCacheRequest, clearCacheResponse } from "./clear-cache.ts";
import { clearChargingProfileRequest, clearChargingProfileResponse } from "./clear-charging-profile.ts";
import { dataTransferRequest, dataTransferResponse } from "./data-transfer.ts";
import {
  diagnosticsStatusNotificationRequest,
  diagnosticsStatusNotificationResponse,
} from "./diagnostics-status-notification.ts";
import {
  firmwareStatusNotificationRequest,
  firmwareStatusNotificationResponse,
} from "./firmware-status-notification.ts";
import { getCompositeScheduleRequest, getCompositeScheduleResponse } from "./get-composite-schedule.ts";
import { getConfigurationRequest, getConfigurationResponse } from "./get-configuration.ts";
import { getDiagnosticsRequest, getDiagnosticsResponse } from "./get-diagnostics.ts";
import { getLocalListVersionRequest, getLocalListVersionResponse } from "./get-local-list-version.ts";
import { heartbeatRequest, heartbeatResponse } from "./heartbeat.ts";
import { meterValuesRequest, meterValuesResponse } from "./meter-values.ts";
import { remoteStartTransactionRequest, remoteStartTransactionResponse } from "./remote-start-transaction.ts";
import { remoteStopTransactionRequest, remoteStopTransactionResponse } from "./remote-stop-transaction.ts";
import { reserveNowRequest, reserveNowResponse } from "./reserve-now.ts";
import { resetRequest, resetResponse } from "./reset.ts";
import { sendLocalListRequest, sendLocalListResponse } from "./send-local-list.ts";
import { setChargingProfileRequest, setChargingProfileResponse } from "./set-charging-profile.ts";
import { startTransactionRequest, startTransactionResponse } from "./start-transaction.ts";
import { statusNotificationRequest, statusNotificationResponse } from "./status-notification.ts";
import { stopTransactionRequest, stopTransactionResponse } from "./stop-transaction.ts";
import { triggerMessageRequest, triggerMessageResponse } from "./trigger-message.ts";
import { unlockConnectorRequest, unlockConnectorResponse } from "./unlock-connector.ts";
import { updateFirmwareRequest, updateFirmwareResponse } from "./update-firmware.ts";

/** Who may send the CALL. */
export type Initiator = "chargePoint" | "centralSystem" | "both";

/** One action of OCPP 1.6: the strict schemas of its two messages and a sentence for a person. */
export interface ActionSpec {
  action: string;
  initiator: Initiator;
  request: TSchema;
  response: TSchema;
  description: string;
}

const spec = (
  action: string,
  initiator: Initiator,
  request: TSchema,
  response: TSchema,
  description: string,
): [string, ActionSpec] => [action, { action, initiator, request, response, description }];

/** Every action of OCPP 1.6 edition 2 by name. A Map, so that a peer's `constructor` or `__proto__` finds nothing. */
export const ACTIONS: ReadonlyMap<string, ActionSpec> = new Map([
  spec("Authorize", "chargePoint", authorizeRequest, authorizeResponse, "Asks whether a badge may charge."),
  spec(
    "BootNotification",
    "chargePoint",
    bootNotificationRequest,
    bootNotificationResponse,
    "Reports vendor, model and firmware after a start and asks to be accepted.",
  ),
  spec("DataTransfer", "both", dataTransferRequest, dataTransferResponse, "Carries a vendor's own message."),
  spec(
    "DiagnosticsStatusNotification",
    "chargePoint",
    diagnosticsStatusNotificationRequest,
    diagnosticsStatusNotificationResponse,
    "Reports how the upload of a diagnostics file goes.",
  ),
  spec(
    "FirmwareStatusNotification",
    "chargePoint",
    firmwareStatusNotificationRequest,
    firmwareStatusNotificationResponse,
    "Reports how a firmware update goes.",
  ),
  spec(
    "Heartbeat",
    "chargePoint",
    heartbeatRequest,
    heartbeatResponse,
    "Shows that the charge point is alive and asks for the time.",
  ),
  spec(
    "MeterValues",
    "chargePoint",
    meterValuesRequest,
    meterValuesResponse,
    "Reports samples of current, power, energy and more.",
  ),
  spec(
    "StartTransaction",
    "chargePoint",
    startTransactionRequest,
    startTransactionResponse,
    "Reports that charging began and asks for a transaction id.",
  ),
  spec(
    "StatusNotification",
    "chargePoint",
    statusNotificationRequest,
    statusNotificationResponse,
    "Reports the state of a connector, or of the charge point as connector 0.",
  ),
  spec(
    "StopTransaction",
    "chargePoint",
    stopTransactionRequest,
    stopTransactionResponse,
    "Reports that charging ended.",
  ),
  spec(
    "CancelReservation",
    "centralSystem",
    cancelReservationRequest,
    cancelReservationResponse,
    "Cancels a reservation.",
  ),
  spec(
    "ChangeAvailability",
    "centralSystem",
    changeAvailabilityRequest,
    changeAvailabilityResponse,
    "Takes a connector, or with connector 0 the charge point, in or out of service.",
  ),
  spec(
    "ChangeConfiguration",
    "centralSystem",
    changeConfigurationRequest,
    changeConfigurationResponse,
    "Changes one configuration key; the value is always text.",
  ),
  spec(
    "ClearCache",
    "centralSystem",
    clearCacheRequest,
    clearCacheResponse,
    "Empties the charge point's memory of badges.",
  ),
  spec(
    "ClearChargingProfile",
    "centralSystem",
    clearChargingProfileRequest,
    clearChargingProfileResponse,
    "Removes the charging profiles that match every given field.",
  ),
  spec(
    "GetCompositeSchedule",
    "centralSystem",
    getCompositeScheduleRequest,
    getCompositeScheduleResponse,
    "Asks which limits the charge point will apply over the next seconds.",
  ),
  spec(
    "GetConfiguration",
    "centralSystem",
    getConfigurationRequest,
    getConfigurationResponse,
    "Reads the named configuration keys, or all of them.",
  ),
  spec(
    "GetDiagnostics",
    "centralSystem",
    getDiagnosticsRequest,
    getDiagnosticsResponse,
    "Asks for the upload of a diagnostics file to a location.",
  ),
  spec(
    "GetLocalListVersion",
    "centralSystem",
    getLocalListVersionRequest,
    getLocalListVersionResponse,
    "Asks for the version of the local list of badges.",
  ),
  spec(
    "RemoteStartTransaction",
    "centralSystem",
    remoteStartTransactionRequest,
    remoteStartTransactionResponse,
    "Asks to start charging for a badge; accepted means taken, not done.",
  ),
  spec(
    "RemoteStopTransaction",
    "centralSystem",
    remoteStopTransactionRequest,
    remoteStopTransactionResponse,
    "Asks to end a transaction; accepted means taken, not done.",
  ),
  spec(
    "ReserveNow",
    "centralSystem",
    reserveNowRequest,
    reserveNowResponse,
    "Reserves a connector for a badge until a time.",
  ),
  spec("Reset", "centralSystem", resetRequest, resetResponse, "Restarts the charge point."),
  spec(
    "SendLocalList",
    "centralSystem",
    sendLocalListRequest,
    sendLocalListResponse,
    "Replaces or amends the local list of badges.",
  ),
  spec(
    "SetChargingProfile",
    "centralSystem",
    setChargingProfileRequest,
    setChargingProfileResponse,
    "Installs a charging profile, which limits current or power.",
  ),
  spec(
    "TriggerMessage",
    "centralSystem",
    triggerMessageRequest,
    triggerMessageResponse,
    "Asks the charge point to send a message now.",
  ),
  spec(
    "UnlockConnector",
    "centralSystem",
    unlockConnectorRequest,
    unlockConnectorResponse,
    "Releases the cable at a connector.",
  ),
  spec(
    "UpdateFirmware",
    "centralSystem",
    updateFirmwareRequest,
    updateFirmwareResponse,
    "Tells the charge point where and when to fetch new firmware.",
  ),
]);
