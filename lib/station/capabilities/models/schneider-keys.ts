import { readOnly, writable } from "./notation.ts";
import type { VendorKey } from "./types.ts";

/** Every configuration key that the EVlink OCPP guide 1.2 (2019), §8, lists for the supervision. */
export const EVLINK_KEYS: readonly VendorKey[] = [
  writable("operatingMode", { range: "0..5" }),
  writable("allowPluggedCable", {
    range: "true|false",
  }),
  writable("enableEvDetection", { range: "true|false" }),
  writable("loadSheddingSetPoint", {
    unit: "A",
    range: "0..largest current of the board",
  }),
  writable("stationName", { range: "text" }),
  writable("voltageReference", {
    unit: "V",
    range: "0..400",
  }),
  writable("maxIntensityStation", {
    unit: "A",
    range: "0..largest current of the station",
  }),
  writable("maxIntensitySocket", {
    unit: "A",
    range: "0..largest current of the board",
  }),
  writable("EnableSuspendChargeByButton", { range: "true|false" }),
  writable("monophasedLoadSheddingFloorValue", {
    unit: "A",
    range: "6..20",
  }),
  writable("triphasedLoadSheddingFloorValue", {
    unit: "A",
    range: "6..20",
  }),
  writable("EMsetting", { range: "0..3" }),
  writable("loadSheddingPriority", { range: "0..1" }),
  writable("enableUnknown", {
    range: "true|false",
  }),
  writable("authenticationManager", { range: "0..3" }),
  writable("ControlChargeByRemoteCommand", {
    range: "true|false",
  }),
  writable("rfidStatusTimeout", { unit: "s", range: "0..65535" }),
  writable("ocppVersion", { range: "1.5..1.6", expects: "1.6" }),
  writable("ocppCentralAddress", { range: "text" }),
  writable("ocppBoxLocalPort", { range: "1..65535" }),
  writable("ocppBoxPublicPort", { range: "1..65535" }),
  writable("ocppDefaultBoxAddrPublic", {
    range: "text",
  }),
  writable("ocppConfModemAddress", { range: "text" }),
  writable("ocppConfSimModemAddress", { range: "text" }),
  writable("confModemRetryInterval", {
    unit: "s",
    range: "15..60",
  }),
  writable("boxIdentity", { range: "text" }),
  writable("defaultIdTag", {
    range: "text",
  }),
  writable("MeterValuesSampledData", {
    range: "list, at most 500 characters",
  }),
  writable("meterValueSampleInterval", {
    unit: "s",
    range: "15..7200",
  }),
  writable("ocppConnectTimeOut", { unit: "s", range: "2..60" }),
  readOnly("WebSocketPingInterval", { unit: "s" }),
  writable("MinimumStatusDuration", { unit: "s", range: "0.." }),
  writable("TransactionMessageRetryInterval", {
    unit: "s",
    range: "0..",
  }),
  writable("TransactionMessageAttempts", { range: "0.." }),
  writable("truncateBootNotificationsSerialNumbers", { range: "true|false" }),
  writable("cacheListEnabled", {
    range: "true|false",
  }),
  writable("compressDiagnostic", { range: "true|false" }),
  // Those that tell what the station can do: standard keys (OCPP 1.6 §9).
  readOnly("NumberOfConnectors"),
  readOnly("HeartBeatInterval", { unit: "s" }),
  readOnly("AuthorizeRemoteTxRequests", { range: "false" }),
  readOnly("ConnectionTimeOut", { unit: "s", range: "30" }),
  readOnly("GetConfigurationMaxKeys", { range: "200" }),
  readOnly("ResetRetries", { range: "0" }),
  readOnly("ConnectorPhaseRotation", {
    range: "NotApplicable, Unknown, RST, RTS, SRT, STR, TRS, TSR",
  }),
  readOnly("ConnectorPhaseRotationMaxLength"),
  readOnly("StopTransactionOnEVSideDisconnect", { range: "true" }),
  readOnly("StopTransactionOnInvalidId", {
    range: "true",
  }),
  readOnly("StopTxnAlignedData"),
  readOnly("StopTxnAlignedDataMaxLength", { range: "0" }),
  readOnly("StopTxnSampledData"),
  readOnly("StopTxnSampledDataMaxLength", { range: "0" }),
  readOnly("SupportedFeatureProfiles", { range: "Core, FirmwareManagement, Reservation, SmartCharging" }),
  readOnly("SupportedFeatureProfilesMaxLength", { range: "4" }),
  readOnly("ReserveConnectorZeroSupported", { range: "true|false" }),
  readOnly("UnlockConnectorOnEVSideDisconnect", { range: "true" }),
  readOnly("ChargeProfileMaxStackLevel", { range: "999" }),
  readOnly("ChargingScheduleAllowedChargingRateUnit", { range: "Current" }),
  readOnly("ChargingScheduleMaxPeriods"),
  readOnly("ConnectorSwitch3to1PhaseSupported", {
    range: "false",
  }),
  readOnly("MaxChargingProfilesInstalled", { range: "99" }),
];
