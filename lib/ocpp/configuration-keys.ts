import type { Feature } from "./v16/action.ts";

/** A configuration key with a meaning of its own in the standard. */
export interface StandardKey {
  key: string;
  feature: Feature;
  /** Every charge point with this feature has it. */
  required: boolean;
  /** `varies`: the charge point decides whether it can be written. */
  access: "rw" | "ro" | "wo" | "varies";
  type: "boolean" | "integer" | "list" | "text";
  unit: string | null;
  /** `0..100`, or the words it may have; null where the type says all. */
  range: string | null;
}

type Entry = [
  key: string,
  need: "required" | "optional",
  access: StandardKey["access"],
  type: StandardKey["type"],
  more?: { unit?: string; range?: string },
];

/** §9.1 with errata 3.76–3.85 and 3.91. */
const CORE: Entry[] = [
  ["AllowOfflineTxForUnknownId", "optional", "rw", "boolean"],
  ["AuthorizationCacheEnabled", "optional", "rw", "boolean"],
  ["AuthorizeRemoteTxRequests", "required", "varies", "boolean"],
  ["BlinkRepeat", "optional", "rw", "integer", { unit: "times", range: "0.." }],
  ["ClockAlignedDataInterval", "required", "rw", "integer", { unit: "s", range: "0.." }],
  ["ConnectionTimeOut", "required", "rw", "integer", { unit: "s", range: "0.." }],
  [
    "ConnectorPhaseRotation",
    "required",
    "rw",
    "list",
    { range: "such as 0.RST,1.RST,2.STR: NotApplicable, Unknown, RST, RTS, SRT, STR, TRS or TSR" },
  ],
  ["ConnectorPhaseRotationMaxLength", "optional", "ro", "integer"],
  ["GetConfigurationMaxKeys", "required", "ro", "integer"],
  ["HeartbeatInterval", "required", "rw", "integer", { unit: "s", range: "1.." }],
  ["LightIntensity", "optional", "rw", "integer", { unit: "%", range: "0..100" }],
  ["LocalAuthorizeOffline", "required", "rw", "boolean"],
  ["LocalPreAuthorize", "required", "rw", "boolean"],
  ["MaxEnergyOnInvalidId", "optional", "rw", "integer", { unit: "Wh", range: "0.." }],
  ["MessageTimeout", "optional", "rw", "integer", { unit: "s", range: "1.." }],
  [
    "MeterValuesAlignedData",
    "required",
    "rw",
    "list",
    { range: "measurands such as Current.Import,Energy.Active.Import.Register" },
  ],
  ["MeterValuesAlignedDataMaxLength", "optional", "ro", "integer"],
  [
    "MeterValuesSampledData",
    "required",
    "rw",
    "list",
    { range: "measurands such as Current.Import,Voltage,Power.Active.Import" },
  ],
  ["MeterValuesSampledDataMaxLength", "optional", "ro", "integer"],
  ["MeterValueSampleInterval", "required", "rw", "integer", { unit: "s", range: "0.." }],
  ["MinimumStatusDuration", "optional", "rw", "integer", { unit: "s", range: "0.." }],
  ["NumberOfConnectors", "required", "ro", "integer"],
  ["ResetRetries", "required", "rw", "integer", { unit: "times", range: "0.." }],
  ["StopTransactionMaxMeterValues", "optional", "ro", "integer"],
  ["StopTransactionOnEVSideDisconnect", "optional", "varies", "boolean"],
  ["StopTransactionOnInvalidId", "required", "rw", "boolean"],
  ["StopTxnAlignedData", "required", "rw", "list", { range: "measurands" }],
  ["StopTxnAlignedDataMaxLength", "optional", "ro", "integer"],
  ["StopTxnSampledData", "required", "rw", "list", { range: "measurands" }],
  ["StopTxnSampledDataMaxLength", "optional", "ro", "integer"],
  ["SupportedFeatureProfiles", "required", "ro", "list"],
  ["SupportedFeatureProfilesMaxLength", "optional", "ro", "integer"],
  ["TransactionMessageAttempts", "required", "rw", "integer", { unit: "times", range: "1.." }],
  ["TransactionMessageRetryInterval", "required", "rw", "integer", { unit: "s", range: "0.." }],
  ["UnlockConnectorOnEVSideDisconnect", "required", "varies", "boolean"],
  ["WebSocketPingInterval", "optional", "rw", "integer", { unit: "s", range: "0.." }],
];

/** §9.2. */
const LOCAL_LIST: Entry[] = [
  ["LocalAuthListEnabled", "required", "rw", "boolean"],
  ["LocalAuthListMaxLength", "required", "ro", "integer"],
  ["SendLocalListMaxLength", "required", "ro", "integer"],
];

/** §9.3. */
const RESERVATION: Entry[] = [["ReserveConnectorZeroSupported", "optional", "ro", "boolean"]];

/** §9.4. */
const SMART_CHARGING: Entry[] = [
  ["ChargeProfileMaxStackLevel", "required", "ro", "integer"],
  ["ChargingScheduleAllowedChargingRateUnit", "required", "ro", "list", { range: "Current (A), Power (W)" }],
  ["ChargingScheduleMaxPeriods", "required", "ro", "integer"],
  ["ConnectorSwitch3to1PhaseSupported", "optional", "ro", "boolean"],
  ["MaxChargingProfilesInstalled", "required", "ro", "integer"],
];

/** Errata 3.90. */
const FIRMWARE: Entry[] = [
  ["SupportedFileTransferProtocols", "optional", "ro", "list", { range: "FTP, FTPS, HTTP, HTTPS" }],
];

/** Security white paper §7. */
const SECURITY: Entry[] = [
  ["AdditionalRootCertificateCheck", "optional", "ro", "boolean"],
  ["AuthorizationKey", "optional", "wo", "text", { range: "32 to 40 hexadecimal digits" }],
  ["CertificateSignedMaxChainSize", "optional", "ro", "integer", { unit: "characters" }],
  ["CertificateStoreMaxLength", "optional", "ro", "integer"],
  ["CpoName", "optional", "rw", "text"],
  ["SecurityProfile", "optional", "rw", "integer", { range: "0..3" }],
];

const BY_FEATURE: [Feature, Entry[]][] = [
  ["Core", CORE],
  ["LocalAuthListManagement", LOCAL_LIST],
  ["Reservation", RESERVATION],
  ["SmartCharging", SMART_CHARGING],
  ["FirmwareManagement", FIRMWARE],
  ["Security", SECURITY],
];

/** The configuration keys of OCPP 1.6 edition 2 §9, its errata and the security white paper §7. */
export const CONFIGURATION_KEYS: readonly StandardKey[] = BY_FEATURE.flatMap(([feature, entries]) =>
  entries.map(([key, need, access, type, { unit = null, range = null } = {}]) => {
    return { key, feature, required: need === "required", access, type, unit, range };
  }),
);
