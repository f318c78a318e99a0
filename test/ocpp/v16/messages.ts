/**
 * The messages of OCPP 1.6 edition 2 §6–7, its errata and the security white paper §5–6, written down a second time and in another
 * form than in `lib`, so that a slip in one shows.
 *
 * A member is `type`, with `!` where it must be there. Types: `s20` text of at most 20 characters, `s` text without end, `any` text in
 * which anything passes inbound, `time`, `int` with `0+` or `1+` for its least value, `tenth` a number ≥ 0 with one decimal, `flag`, a
 * name from ENUMS or TYPES; `[]` a list, `[1]` a list of at least one.
 */
export type Members = Readonly<Record<string, string>>;

/** Lists of words; `open` where an unknown word passes inbound. */
export const ENUMS: Readonly<Record<string, { words: string; open?: true }>> = {
  Accept: { words: "Accepted Rejected" },
  Authorization: { words: "Accepted Blocked Expired Invalid ConcurrentTx" },
  Availability: { words: "Inoperative Operative" },
  AvailabilityStatus: { words: "Accepted Rejected Scheduled" },
  CertificateUse: { words: "CentralSystemRootCertificate ManufacturerRootCertificate" },
  ClearProfile: { words: "Accepted Unknown" },
  Configuration: { words: "Accepted Rejected RebootRequired NotSupported" },
  Context: {
    words:
      "Interruption.Begin Interruption.End Other Sample.Clock Sample.Periodic Transaction.Begin Transaction.End Trigger",
    open: true,
  },
  DataTransfer: { words: "Accepted Rejected UnknownMessageId UnknownVendorId" },
  DeleteCertificate: { words: "Accepted Failed NotFound" },
  Diagnostics: { words: "Idle Uploaded UploadFailed Uploading" },
  ErrorCode: {
    words:
      "ConnectorLockFailure EVCommunicationError GroundFailure HighTemperature InternalError LocalListConflict NoError OtherError " +
      "OverCurrentFailure OverVoltage PowerMeterFailure PowerSwitchFailure ReaderFailure ResetFailure UnderVoltage WeakSignal",
  },
  ExtendedTrigger: {
    words:
      "BootNotification LogStatusNotification FirmwareStatusNotification Heartbeat MeterValues SignChargePointCertificate " +
      "StatusNotification",
  },
  Firmware: { words: "Downloaded DownloadFailed Downloading Idle InstallationFailed Installing Installed" },
  Format: { words: "Raw SignedData", open: true },
  Hash: { words: "SHA256 SHA384 SHA512" },
  InstallCertificate: { words: "Accepted Failed Rejected" },
  Installed: { words: "Accepted NotFound" },
  Kind: { words: "Absolute Recurring Relative" },
  Location: { words: "Body Cable EV Inlet Outlet", open: true },
  Log: { words: "DiagnosticsLog SecurityLog" },
  LogStatus: { words: "Accepted Rejected AcceptedCanceled" },
  Measurand: {
    words:
      "Current.Export Current.Import Current.Offered Energy.Active.Export.Register Energy.Active.Import.Register " +
      "Energy.Reactive.Export.Register Energy.Reactive.Import.Register Energy.Active.Export.Interval " +
      "Energy.Active.Import.Interval Energy.Reactive.Export.Interval Energy.Reactive.Import.Interval Frequency " +
      "Power.Active.Export Power.Active.Import Power.Factor Power.Offered Power.Reactive.Export Power.Reactive.Import RPM SoC " +
      "Temperature Voltage",
    open: true,
  },
  Phase: { words: "L1 L2 L3 N L1-N L2-N L3-N L1-L2 L2-L3 L3-L1", open: true },
  Profile: { words: "Accepted Rejected NotSupported" },
  Purpose: { words: "ChargePointMaxProfile TxDefaultProfile TxProfile" },
  RateUnit: { words: "A W" },
  Reason: {
    words:
      "DeAuthorized EmergencyStop EVDisconnected HardReset Local Other PowerLoss Reboot Remote SoftReset UnlockCommand",
    open: true,
  },
  Recurrency: { words: "Daily Weekly" },
  Registration: { words: "Accepted Pending Rejected" },
  Reservation: { words: "Accepted Faulted Occupied Rejected Unavailable" },
  Reset: { words: "Hard Soft" },
  SignedFirmware: {
    words:
      "Downloaded DownloadFailed Downloading DownloadScheduled DownloadPaused Idle InstallationFailed Installing Installed " +
      "InstallRebooting InstallScheduled InstallVerificationFailed InvalidSignature SignatureVerified",
  },
  SignedUpdate: { words: "Accepted Rejected AcceptedCanceled InvalidCertificate RevokedCertificate" },
  Status: {
    words: "Available Preparing Charging SuspendedEVSE SuspendedEV Finishing Reserved Unavailable Faulted",
  },
  Trigger: {
    words:
      "BootNotification DiagnosticsStatusNotification FirmwareStatusNotification Heartbeat MeterValues StatusNotification",
  },
  TriggerStatus: { words: "Accepted Rejected NotImplemented" },
  Unit: {
    words: "Wh kWh varh kvarh W kW VA kVA var kvar A V Celsius Celcius Fahrenheit K Percent",
    open: true,
  },
  Unlock: { words: "Unlocked UnlockFailed NotSupported" },
  Update: { words: "Differential Full" },
  UpdateStatus: { words: "Accepted Failed NotSupported VersionMismatch" },
  UploadLog: {
    words: "BadMessage Idle NotSupportedOperation PermissionDenied Uploaded UploadFailure Uploading",
  },
};

export const TYPES: Readonly<Record<string, Members>> = {
  AuthorizationData: { idTag: "s20!", idTagInfo: "IdTagInfo" },
  CertificateHashData: {
    hashAlgorithm: "Hash!",
    issuerNameHash: "s128!",
    issuerKeyHash: "s128!",
    serialNumber: "s40!",
  },
  ChargingProfile: {
    chargingProfileId: "int!",
    transactionId: "int",
    stackLevel: "int0+!",
    chargingProfilePurpose: "Purpose!",
    chargingProfileKind: "Kind!",
    recurrencyKind: "Recurrency",
    validFrom: "time",
    validTo: "time",
    chargingSchedule: "ChargingSchedule!",
  },
  ChargingSchedule: {
    duration: "int0+",
    startSchedule: "time",
    chargingRateUnit: "RateUnit!",
    chargingSchedulePeriod: "ChargingSchedulePeriod[1]!",
    minChargingRate: "tenth",
  },
  ChargingSchedulePeriod: { startPeriod: "int0+!", limit: "tenth!", numberPhases: "int1+" },
  FirmwareType: {
    location: "s512!",
    retrieveDateTime: "time!",
    installDateTime: "time",
    signingCertificate: "s5500!",
    signature: "s800!",
  },
  IdTagInfo: { expiryDate: "time", parentIdTag: "s20", status: "Authorization!" },
  KeyValue: { key: "s50!", readonly: "flag!", value: "s500" },
  LogParameters: { remoteLocation: "s512!", oldestTimestamp: "time", latestTimestamp: "time" },
  MeterValue: { timestamp: "time!", sampledValue: "SampledValue[1]!" },
  SampledValue: {
    value: "any!",
    context: "Context",
    format: "Format",
    measurand: "Measurand",
    phase: "Phase",
    location: "Location",
    unit: "Unit",
  },
};

const status = (type: string): Members => ({ status: `${type}!` });

/** Request and confirmation by action; first those of charge points, then those of the central system. */
export const MESSAGES: Readonly<Record<string, readonly [request: Members, confirmation: Members]>> = {
  Authorize: [{ idTag: "s20!" }, { idTagInfo: "IdTagInfo!" }],
  BootNotification: [
    {
      chargeBoxSerialNumber: "s25",
      chargePointModel: "s20!",
      chargePointSerialNumber: "s25",
      chargePointVendor: "s20!",
      firmwareVersion: "s50",
      iccid: "s20",
      imsi: "s20",
      meterSerialNumber: "s25",
      meterType: "s25",
    },
    { currentTime: "time!", interval: "int0+!", status: "Registration!" },
  ],
  DataTransfer: [
    { vendorId: "s255!", messageId: "s50", data: "any" },
    { status: "DataTransfer!", data: "any" },
  ],
  DiagnosticsStatusNotification: [status("Diagnostics"), {}],
  FirmwareStatusNotification: [status("Firmware"), {}],
  Heartbeat: [{}, { currentTime: "time!" }],
  LogStatusNotification: [{ status: "UploadLog!", requestId: "int" }, {}],
  MeterValues: [{ connectorId: "int0+!", transactionId: "int", meterValue: "MeterValue[1]!" }, {}],
  SecurityEventNotification: [{ type: "s50!", timestamp: "time!", techInfo: "s255" }, {}],
  SignCertificate: [{ csr: "s5500!" }, status("Accept")],
  SignedFirmwareStatusNotification: [{ status: "SignedFirmware!", requestId: "int" }, {}],
  StartTransaction: [
    { connectorId: "int1+!", idTag: "s20!", meterStart: "int!", reservationId: "int", timestamp: "time!" },
    { idTagInfo: "IdTagInfo!", transactionId: "int!" },
  ],
  StatusNotification: [
    {
      connectorId: "int0+!",
      errorCode: "ErrorCode!",
      info: "s50",
      status: "Status!",
      timestamp: "time",
      vendorId: "s255",
      vendorErrorCode: "s50",
    },
    {},
  ],
  StopTransaction: [
    {
      idTag: "s20",
      meterStop: "int!",
      timestamp: "time!",
      transactionId: "int!",
      reason: "Reason",
      transactionData: "MeterValue[]",
    },
    { idTagInfo: "IdTagInfo" },
  ],
  CancelReservation: [{ reservationId: "int!" }, status("Accept")],
  CertificateSigned: [{ certificateChain: "s10000!" }, status("Accept")],
  ChangeAvailability: [{ connectorId: "int0+!", type: "Availability!" }, status("AvailabilityStatus")],
  ChangeConfiguration: [{ key: "s50!", value: "s500!" }, status("Configuration")],
  ClearCache: [{}, status("Accept")],
  ClearChargingProfile: [
    { id: "int", connectorId: "int0+", chargingProfilePurpose: "Purpose", stackLevel: "int0+" },
    status("ClearProfile"),
  ],
  DeleteCertificate: [{ certificateHashData: "CertificateHashData!" }, status("DeleteCertificate")],
  ExtendedTriggerMessage: [{ requestedMessage: "ExtendedTrigger!", connectorId: "int1+" }, status("TriggerStatus")],
  GetCompositeSchedule: [
    { connectorId: "int0+!", duration: "int0+!", chargingRateUnit: "RateUnit" },
    { status: "Accept!", connectorId: "int0+", scheduleStart: "time", chargingSchedule: "ChargingSchedule" },
  ],
  GetConfiguration: [{ key: "s50[]" }, { configurationKey: "KeyValue[]", unknownKey: "s50[]" }],
  GetDiagnostics: [
    { location: "s!", retries: "int0+", retryInterval: "int0+", startTime: "time", stopTime: "time" },
    { fileName: "s255" },
  ],
  GetInstalledCertificateIds: [
    { certificateType: "CertificateUse!" },
    { status: "Installed!", certificateHashData: "CertificateHashData[1]" },
  ],
  GetLocalListVersion: [{}, { listVersion: "int!" }],
  GetLog: [
    { logType: "Log!", requestId: "int!", retries: "int0+", retryInterval: "int0+", log: "LogParameters!" },
    { status: "LogStatus!", filename: "s255" },
  ],
  InstallCertificate: [{ certificateType: "CertificateUse!", certificate: "s5500!" }, status("InstallCertificate")],
  RemoteStartTransaction: [
    { connectorId: "int1+", idTag: "s20!", chargingProfile: "ChargingProfile" },
    status("Accept"),
  ],
  RemoteStopTransaction: [{ transactionId: "int!" }, status("Accept")],
  ReserveNow: [
    { connectorId: "int0+!", expiryDate: "time!", idTag: "s20!", parentIdTag: "s20", reservationId: "int!" },
    status("Reservation"),
  ],
  Reset: [{ type: "Reset!" }, status("Accept")],
  SendLocalList: [
    { listVersion: "int1+!", localAuthorizationList: "AuthorizationData[]", updateType: "Update!" },
    status("UpdateStatus"),
  ],
  SetChargingProfile: [{ connectorId: "int0+!", csChargingProfiles: "ChargingProfile!" }, status("Profile")],
  SignedUpdateFirmware: [
    { retries: "int0+", retryInterval: "int0+", requestId: "int!", firmware: "FirmwareType!" },
    status("SignedUpdate"),
  ],
  TriggerMessage: [{ requestedMessage: "Trigger!", connectorId: "int1+" }, status("TriggerStatus")],
  UnlockConnector: [{ connectorId: "int1+!" }, status("Unlock")],
  UpdateFirmware: [{ location: "s!", retries: "int0+", retrieveDate: "time!", retryInterval: "int0+" }, {}],
};
