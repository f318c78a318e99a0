import { readOnly, writable } from "./notation.ts";
import type { VendorKey } from "./types.ts";

/** Every configuration key that the EVlink OCPP guide 1.2 (2019), §8, lists for the supervision. */
export const EVLINK_KEYS: readonly VendorKey[] = [
  writable(
    "operatingMode",
    "Who may charge: 1 = without badges, 2 = with badges, 5 = badge read elsewhere, its reader here is off.",
    { range: "0..5" },
  ),
  writable("allowPluggedCable", "Whether the car must be unplugged after a charge: 0 = no, 1 = yes (City).", {
    range: "true|false",
  }),
  writable("enableEvDetection", "Detection of the car on or off (Smart Wallbox, option).", { range: "true|false" }),
  writable("loadSheddingSetPoint", "Current offered while the load-shedding input is on; 0 suspends the charge.", {
    unit: "A",
    range: "0..largest current of the board",
  }),
  writable("stationName", "Name of the charge point.", { range: "text" }),
  writable("voltageReference", "Voltage from which power and energy are reckoned when no power meter is fitted.", {
    unit: "V",
    range: "0..400",
  }),
  writable("maxIntensityStation", "Largest current of the whole station (City, Smart Wallbox).", {
    unit: "A",
    range: "0..largest current of the station",
  }),
  writable("maxIntensitySocket", "Largest current per phase of the socket-outlet.", {
    unit: "A",
    range: "0..largest current of the board",
  }),
  writable("EnableSuspendChargeByButton", "The push button may suspend a charge (Parking).", { range: "true|false" }),
  writable("monophasedLoadSheddingFloorValue", "Current on one phase below which a charge is suspended.", {
    unit: "A",
    range: "6..20",
  }),
  writable("triphasedLoadSheddingFloorValue", "Current on three phases below which a charge is suspended.", {
    unit: "A",
    range: "6..20",
  }),
  writable(
    "EMsetting",
    "Who manages the energy: 0 = nobody, 1 = the station, 2 = an external system, 3 = both; charging profiles need 2 or 3 (Smart Wallbox: 2).",
    { range: "0..3" },
  ),
  writable(
    "loadSheddingPriority",
    "Which charge is suspended first when energy is short: 0 = the longest, 1 = the one that got most energy.",
    { range: "0..1" },
  ),
  writable("enableUnknown", "Unknown users may charge while offline; called AllowOfflineTxForUnknownId over OCPP.", {
    range: "true|false",
  }),
  writable(
    "authenticationManager",
    "Who decides on badges: 0 = the station, 1 = a super master, 2 = the supervision over OCPP.",
    { range: "0..3" },
  ),
  writable("ControlChargeByRemoteCommand", "Remote start and stop without authentication (badges off or a key lock).", {
    range: "true|false",
  }),
  writable(
    "rfidStatusTimeout",
    "How long the station waits for the supervision's answer about a badge (10 from the factory).",
    { unit: "s", range: "0..65535" },
  ),
  writable("ocppVersion", "Version of OCPP; charging profiles need 1.6.", { range: "1.5..1.6", expects: "1.6" }),
  writable(
    "ocppCentralAddress",
    "Address of the supervision; with 1.5 its beginning tells SOAP (http) from JSON (ws).",
    { range: "text" },
  ),
  writable("ocppBoxLocalPort", "Local port of the charge point.", { range: "1..65535" }),
  writable("ocppBoxPublicPort", "Public port of the charge point.", { range: "1..65535" }),
  writable("ocppDefaultBoxAddrPublic", "Public address of the charge point for calls from a SOAP supervision.", {
    range: "text",
  }),
  writable("ocppConfModemAddress", "Where the settings of a Schneider modem are read.", { range: "text" }),
  writable("ocppConfSimModemAddress", "Where the settings of its SIM card are read.", { range: "text" }),
  writable("confModemRetryInterval", "How often data of the modem are refreshed; out of range means 30.", {
    unit: "s",
    range: "15..60",
  }),
  writable("boxIdentity", "Identity of the charge point; UNDEFINED = its MAC address.", { range: "text" }),
  writable("defaultIdTag", "Badge reported for charges without authentication; UNDEFINED = the serial number.", {
    range: "text",
  }),
  writable("MeterValuesSampledData", "Measurands to send, with a phase where wanted (Voltage.L1-N).", {
    range: "list, at most 500 characters",
  }),
  writable("meterValueSampleInterval", "Time between two meter values during a charge.", {
    unit: "s",
    range: "15..7200",
  }),
  writable(
    "ocppConnectTimeOut",
    "Silence of the supervision after which the connection counts as lost; out of range means 60.",
    { unit: "s", range: "2..60" },
  ),
  readOnly("WebSocketPingInterval", "Time between two pings from the charge point.", { unit: "s" }),
  writable("MinimumStatusDuration", "How long a status must last before it is reported.", { unit: "s", range: "0.." }),
  writable("TransactionMessageRetryInterval", "Wait before a failed transaction message is sent again.", {
    unit: "s",
    range: "0..",
  }),
  writable("TransactionMessageAttempts", "How often a transaction message is tried.", { range: "0.." }),
  writable(
    "truncateBootNotificationsSerialNumbers",
    "Cut serial numbers in BootNotification to the 25 characters that OCPP allows.",
    { range: "true|false" },
  ),
  writable("cacheListEnabled", "Remember badges that were accepted (AuthorizationCacheEnabled).", {
    range: "true|false",
  }),
  writable("compressDiagnostic", "Send the maintenance report compressed.", { range: "true|false" }),
  // Those that tell what the station can do: standard keys (OCPP 1.6 §9).
  readOnly("NumberOfConnectors", "Number of connectors."),
  readOnly("HeartBeatInterval", "Time between heartbeats.", { unit: "s" }),
  readOnly("AuthorizeRemoteTxRequests", "Whether a remote start is checked like a badge.", { range: "false" }),
  readOnly("ConnectionTimeOut", "How long an accepted badge waits for the cable.", { unit: "s", range: "30" }),
  readOnly("GetConfigurationMaxKeys", "Largest number of keys asked for at once.", { range: "200" }),
  readOnly("ResetRetries", "How often a failed reset is repeated.", { range: "0" }),
  readOnly("ConnectorPhaseRotation", "Phase rotation per connector.", {
    range: "NotApplicable, Unknown, RST, RTS, SRT, STR, TRS, TSR",
  }),
  readOnly("ConnectorPhaseRotationMaxLength", "Most items in ConnectorPhaseRotation."),
  readOnly("StopTransactionOnEVSideDisconnect", "A transaction ends when the car is unplugged.", { range: "true" }),
  readOnly("StopTransactionOnInvalidId", "A transaction ends when its badge turns out to be refused.", {
    range: "true",
  }),
  readOnly("StopTxnAlignedData", "Clock-aligned measurands in StopTransaction."),
  readOnly("StopTxnAlignedDataMaxLength", "Most items in StopTxnAlignedData.", { range: "0" }),
  readOnly("StopTxnSampledData", "Sampled measurands in StopTransaction."),
  readOnly("StopTxnSampledDataMaxLength", "Most items in StopTxnSampledData.", { range: "0" }),
  readOnly(
    "SupportedFeatureProfiles",
    "Feature profiles it names; TriggerMessage works although RemoteTrigger is not among them.",
    { range: "Core, FirmwareManagement, Reservation, SmartCharging" },
  ),
  readOnly("SupportedFeatureProfilesMaxLength", "Most items in SupportedFeatureProfiles.", { range: "4" }),
  readOnly("ReserveConnectorZeroSupported", "Reservations of any connector are possible.", { range: "true|false" }),
  readOnly("UnlockConnectorOnEVSideDisconnect", "The cable is released when the car is unplugged.", { range: "true" }),
  readOnly("ChargeProfileMaxStackLevel", "Highest stack level.", { range: "999" }),
  readOnly("ChargingScheduleAllowedChargingRateUnit", "Units of schedules: amperes only.", { range: "Current" }),
  readOnly("ChargingScheduleMaxPeriods", "Most periods in a schedule."),
  readOnly("ConnectorSwitch3to1PhaseSupported", "Switching from three phases to one during a charge.", {
    range: "false",
  }),
  readOnly("MaxChargingProfilesInstalled", "Most profiles installed at once.", { range: "99" }),
];
