/**
 * The messages of OCPP 1.6 edition 2 and of its security white paper: types here, schemas in one file per action, all of them
 * listed in `actions.ts`.
 */
export type { ActionSpec, Feature, Initiator } from "./action.ts";
export { ACTIONS } from "./actions.ts";
export type { AuthorizeRequest, AuthorizeResponse } from "./authorize.ts";
export type { BootNotificationRequest, BootNotificationResponse } from "./boot-notification.ts";
export type { CancelReservationRequest, CancelReservationResponse } from "./cancel-reservation.ts";
export type { CertificateHashData } from "./certificate.ts";
export type { CertificateSignedRequest, CertificateSignedResponse } from "./certificate-signed.ts";
export type { ChangeAvailabilityRequest, ChangeAvailabilityResponse } from "./change-availability.ts";
export type { ChangeConfigurationRequest, ChangeConfigurationResponse } from "./change-configuration.ts";
export type { ChargingProfile, ChargingSchedule, ChargingSchedulePeriod } from "./charging-profile.ts";
export type { ClearCacheRequest, ClearCacheResponse } from "./clear-cache.ts";
export type { ClearChargingProfileRequest, ClearChargingProfileResponse } from "./clear-charging-profile.ts";
export type { DataTransferRequest, DataTransferResponse } from "./data-transfer.ts";
export type { DeleteCertificateRequest, DeleteCertificateResponse } from "./delete-certificate.ts";
export type {
  DiagnosticsStatusNotificationRequest,
  DiagnosticsStatusNotificationResponse,
} from "./diagnostics-status-notification.ts";
export type { ExtendedTriggerMessageRequest, ExtendedTriggerMessageResponse } from "./extended-trigger-message.ts";
export type {
  FirmwareStatusNotificationRequest,
  FirmwareStatusNotificationResponse,
} from "./firmware-status-notification.ts";
export type { GetCompositeScheduleRequest, GetCompositeScheduleResponse } from "./get-composite-schedule.ts";
export type { GetConfigurationRequest, GetConfigurationResponse } from "./get-configuration.ts";
export type { GetDiagnosticsRequest, GetDiagnosticsResponse } from "./get-diagnostics.ts";
export type {
  GetInstalledCertificateIdsRequest,
  GetInstalledCertificateIdsResponse,
} from "./get-installed-certificate-ids.ts";
export type { GetLocalListVersionRequest, GetLocalListVersionResponse } from "./get-local-list-version.ts";
export type { GetLogRequest, GetLogResponse } from "./get-log.ts";
export type { HeartbeatRequest, HeartbeatResponse } from "./heartbeat.ts";
export type { IdTagInfo } from "./id-tag-info.ts";
export type { InstallCertificateRequest, InstallCertificateResponse } from "./install-certificate.ts";
export type { LogStatusNotificationRequest, LogStatusNotificationResponse } from "./log-status-notification.ts";
export type { MeterValue, SampledValue } from "./meter-value.ts";
export type { MeterValuesRequest, MeterValuesResponse } from "./meter-values.ts";
export type { RemoteStartTransactionRequest, RemoteStartTransactionResponse } from "./remote-start-transaction.ts";
export type { RemoteStopTransactionRequest, RemoteStopTransactionResponse } from "./remote-stop-transaction.ts";
export type { ReserveNowRequest, ReserveNowResponse } from "./reserve-now.ts";
export type { ResetRequest, ResetResponse } from "./reset.ts";
export type {
  SecurityEventNotificationRequest,
  SecurityEventNotificationResponse,
} from "./security-event-notification.ts";
export type { SendLocalListRequest, SendLocalListResponse } from "./send-local-list.ts";
export type { SetChargingProfileRequest, SetChargingProfileResponse } from "./set-charging-profile.ts";
export type { SignCertificateRequest, SignCertificateResponse } from "./sign-certificate.ts";
export type {
  SignedFirmwareStatusNotificationRequest,
  SignedFirmwareStatusNotificationResponse,
} from "./signed-firmware-status-notification.ts";
export type { SignedUpdateFirmwareRequest, SignedUpdateFirmwareResponse } from "./signed-update-firmware.ts";
export type { StartTransactionRequest, StartTransactionResponse } from "./start-transaction.ts";
export type { StatusNotificationRequest, StatusNotificationResponse } from "./status-notification.ts";
export type { StopTransactionRequest, StopTransactionResponse } from "./stop-transaction.ts";
export type { TriggerMessageRequest, TriggerMessageResponse } from "./trigger-message.ts";
export type { UnlockConnectorRequest, UnlockConnectorResponse } from "./unlock-connector.ts";
export type { UpdateFirmwareRequest, UpdateFirmwareResponse } from "./update-firmware.ts";
