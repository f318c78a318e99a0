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
  /** What it does, one sentence. */
  text: string;
}

type Entry = [
  key: string,
  need: "required" | "optional",
  access: StandardKey["access"],
  type: StandardKey["type"],
  text: string,
  more?: { unit?: string; range?: string },
];

/** §9.1 with errata 3.76–3.85 and 3.91. */
const CORE: Entry[] = [
  ["AllowOfflineTxForUnknownId", "optional", "rw", "boolean", "Offline, badges that it does not know may charge."],
  ["AuthorizationCacheEnabled", "optional", "rw", "boolean", "It remembers badges that were accepted before."],
  [
    "AuthorizeRemoteTxRequests",
    "required",
    "varies",
    "boolean",
    "A remote start is authorized like a badge at the reader.",
  ],
  [
    "BlinkRepeat",
    "optional",
    "rw",
    "integer",
    "How often its light blinks to signal something.",
    { unit: "times", range: "0.." },
  ],
  [
    "ClockAlignedDataInterval",
    "required",
    "rw",
    "integer",
    "Time between meter values on the clock; 0 = none.",
    { unit: "s", range: "0.." },
  ],
  [
    "ConnectionTimeOut",
    "required",
    "rw",
    "integer",
    "How long it waits for the cable after a badge was accepted.",
    { unit: "s", range: "0.." },
  ],
  [
    "ConnectorPhaseRotation",
    "required",
    "rw",
    "list",
    "How the phases of the supply are wired to each connector.",
    { range: "such as 0.RST,1.RST,2.STR: NotApplicable, Unknown, RST, RTS, SRT, STR, TRS or TSR" },
  ],
  ["ConnectorPhaseRotationMaxLength", "optional", "ro", "integer", "Longest list for ConnectorPhaseRotation."],
  ["GetConfigurationMaxKeys", "required", "ro", "integer", "How many keys one GetConfiguration may name."],
  [
    "HeartbeatInterval",
    "required",
    "rw",
    "integer",
    "After this long without a message it sends a heartbeat.",
    { unit: "s", range: "1.." },
  ],
  ["LightIntensity", "optional", "rw", "integer", "Brightness of its lights.", { unit: "%", range: "0..100" }],
  ["LocalAuthorizeOffline", "required", "rw", "boolean", "Offline, badges of its list or memory may charge."],
  [
    "LocalPreAuthorize",
    "required",
    "rw",
    "boolean",
    "Badges of its list or memory charge without waiting for an answer.",
  ],
  [
    "MaxEnergyOnInvalidId",
    "optional",
    "rw",
    "integer",
    "Energy that it still gives once a badge turned out invalid.",
    { unit: "Wh", range: "0.." },
  ],
  ["MessageTimeout", "optional", "rw", "integer", "How long it waits for an answer.", { unit: "s", range: "1.." }],
  [
    "MeterValuesAlignedData",
    "required",
    "rw",
    "list",
    "What it measures on the clock.",
    { range: "measurands such as Current.Import,Energy.Active.Import.Register" },
  ],
  ["MeterValuesAlignedDataMaxLength", "optional", "ro", "integer", "Longest list for MeterValuesAlignedData."],
  [
    "MeterValuesSampledData",
    "required",
    "rw",
    "list",
    "What it measures while a car charges.",
    { range: "measurands such as Current.Import,Voltage,Power.Active.Import" },
  ],
  ["MeterValuesSampledDataMaxLength", "optional", "ro", "integer", "Longest list for MeterValuesSampledData."],
  [
    "MeterValueSampleInterval",
    "required",
    "rw",
    "integer",
    "Time between meter values while a car charges; 0 = none.",
    { unit: "s", range: "0.." },
  ],
  [
    "MinimumStatusDuration",
    "optional",
    "rw",
    "integer",
    "How long a state must last before it is reported.",
    { unit: "s", range: "0.." },
  ],
  ["NumberOfConnectors", "required", "ro", "integer", "How many connectors it has."],
  [
    "ResetRetries",
    "required",
    "rw",
    "integer",
    "How often it tries a reset again that did not work.",
    { unit: "times", range: "0.." },
  ],
  ["StopTransactionMaxMeterValues", "optional", "ro", "integer", "How many meter values a StopTransaction can carry."],
  ["StopTransactionOnEVSideDisconnect", "optional", "varies", "boolean", "Unplugging at the car ends the transaction."],
  ["StopTransactionOnInvalidId", "required", "rw", "boolean", "A badge that turns out invalid ends the transaction."],
  [
    "StopTxnAlignedData",
    "required",
    "rw",
    "list",
    "Values on the clock that go with the end of a transaction.",
    { range: "measurands" },
  ],
  ["StopTxnAlignedDataMaxLength", "optional", "ro", "integer", "Longest list for StopTxnAlignedData."],
  [
    "StopTxnSampledData",
    "required",
    "rw",
    "list",
    "Values while charging that go with the end of a transaction.",
    { range: "measurands" },
  ],
  ["StopTxnSampledDataMaxLength", "optional", "ro", "integer", "Longest list for StopTxnSampledData."],
  ["SupportedFeatureProfiles", "required", "ro", "list", "Which parts of OCPP it has."],
  ["SupportedFeatureProfilesMaxLength", "optional", "ro", "integer", "Longest list for SupportedFeatureProfiles."],
  [
    "TransactionMessageAttempts",
    "required",
    "rw",
    "integer",
    "How often it sends a transaction message that fails.",
    { unit: "times", range: "1.." },
  ],
  [
    "TransactionMessageRetryInterval",
    "required",
    "rw",
    "integer",
    "How long it waits before it sends such a message again.",
    { unit: "s", range: "0.." },
  ],
  [
    "UnlockConnectorOnEVSideDisconnect",
    "required",
    "varies",
    "boolean",
    "Unplugging at the car unlocks the cable at the charger.",
  ],
  [
    "WebSocketPingInterval",
    "optional",
    "rw",
    "integer",
    "Time between its pings; 0 = none.",
    { unit: "s", range: "0.." },
  ],
];

/** §9.2. */
const LOCAL_LIST: Entry[] = [
  ["LocalAuthListEnabled", "required", "rw", "boolean", "It uses its list of badges."],
  ["LocalAuthListMaxLength", "required", "ro", "integer", "How many badges its list holds."],
  ["SendLocalListMaxLength", "required", "ro", "integer", "How many badges one SendLocalList may carry."],
];

/** §9.3. */
const RESERVATION: Entry[] = [
  ["ReserveConnectorZeroSupported", "optional", "ro", "boolean", "A reservation may be for any connector (number 0)."],
];

/** §9.4. */
const SMART_CHARGING: Entry[] = [
  ["ChargeProfileMaxStackLevel", "required", "ro", "integer", "Highest stack level of a charging profile."],
  [
    "ChargingScheduleAllowedChargingRateUnit",
    "required",
    "ro",
    "list",
    "Units of its limits.",
    { range: "Current (A), Power (W)" },
  ],
  ["ChargingScheduleMaxPeriods", "required", "ro", "integer", "How many steps a charging schedule may have."],
  [
    "ConnectorSwitch3to1PhaseSupported",
    "optional",
    "ro",
    "boolean",
    "It can go from three phases to one while a car charges.",
  ],
  ["MaxChargingProfilesInstalled", "required", "ro", "integer", "How many charging profiles it holds at once."],
];

/** Errata 3.90. */
const FIRMWARE: Entry[] = [
  [
    "SupportedFileTransferProtocols",
    "optional",
    "ro",
    "list",
    "How it loads files.",
    { range: "FTP, FTPS, HTTP, HTTPS" },
  ],
];

/** Security white paper §7. */
const SECURITY: Entry[] = [
  [
    "AdditionalRootCertificateCheck",
    "optional",
    "ro",
    "boolean",
    "A new root certificate must be signed by the one it replaces.",
  ],
  [
    "AuthorizationKey",
    "optional",
    "wo",
    "text",
    "Its password for the connection.",
    { range: "32 to 40 hexadecimal digits" },
  ],
  [
    "CertificateSignedMaxChainSize",
    "optional",
    "ro",
    "integer",
    "Longest chain that CertificateSigned may carry.",
    { unit: "characters" },
  ],
  ["CertificateStoreMaxLength", "optional", "ro", "integer", "How many root certificates it holds."],
  ["CpoName", "optional", "rw", "text", "The operator's name, for its certificate."],
  [
    "SecurityProfile",
    "optional",
    "rw",
    "integer",
    "How it secures the connection; can only be raised, and it then connects anew.",
    { range: "0..3" },
  ],
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
  entries.map(([key, need, access, type, text, { unit = null, range = null } = {}]) => {
    return { key, feature, required: need === "required", access, type, unit, range, text };
  }),
);
