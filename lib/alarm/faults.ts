import type { AlarmSeverity } from "../alarm-types.ts";
import { ERROR_CODES } from "../ocpp/status-words.ts";
import { sentenceOr } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";

/** A word of ChargePointErrorCode. */
export type FaultCode = (typeof ERROR_CODES)[number];

/**
 * What a fault means for load management. `mayBeLive`: the outlet may carry current whatever is commanded, so all of it stays
 * reserved; `readingsWrong`: what the charge point measures says nothing; `phasesWrong`: its wiring or rotation is not what is
 * configured; `disobeys`: the car or the charge point draws more than it was offered.
 */
export type FaultEffect = "mayBeLive" | "readingsWrong" | "phasesWrong" | "disobeys";

/** A fault that charge points report; its words stand in `lib/words`, by its key. */
export interface Fault {
  /** Stable name, unique: `<vendor>/<fault>`, or `ocpp/<code>`. */
  key: string;
  /** Whose code it is, as in {@link vendorOf}; null = OCPP's own. */
  vendor: "bender" | "schneider" | null;
  errorCode: FaultCode;
  /** The vendor's code, without leading zeros or prefix. */
  vendorErrorCode?: string;
  /** Regular expression, letter case ignored, that the free text matches. */
  info?: string;
  severity: AlarmSeverity;
  /** Whether charging stops with it; null = not known. */
  stopsCharging: boolean | null;
  effect?: FaultEffect;
}

/** A fault in the words of a language. */
export interface FaultText {
  name: string;
  /** What happened; null where the name says it all. */
  text: string | null;
  cause: string | null;
  action: string;
}

/** What a fault means, as the last columns of a table. */
type Meaning = [severity: AlarmSeverity, stopsCharging: boolean | null, effect?: FaultEffect];

const meaning = ([severity, stopsCharging, effect]: Meaning) => ({
  severity,
  stopsCharging,
  ...(effect && { effect }),
});

/** Faults that Bender charge controllers (CC612, CC613) report in words, in the field `info`, which the pattern matches. */
const BENDER: readonly [name: string, errorCode: FaultCode, info: string, ...meaning: Meaning][] = [
  ["residual-current", "GroundFailure", "residual current", "alarm", true],
  ["mode3-vehicle-error", "EVCommunicationError", "vehicle signals error", "warning", false],
  ["mode3-diode", "EVCommunicationError", "diode", "alarm", true],
  ["mcb-type2", "OverCurrentFailure", "MCB.*type ?2", "alarm", true],
  ["mcb-domestic", "OverCurrentFailure", "MCB.*domestic", "alarm", true],
  ["rcd", "GroundFailure", "RCD", "alarm", true],
  ["spd", "OtherError", "SPD|surge", "alarm", false],
  ["contactor-welded", "PowerSwitchFailure", "weld", "alarm", true, "mayBeLive"],
  ["backend-disconnected", "OtherError", "backend disconnected", "warning", false],
  ["plug-lock-failed", "ConnectorLockFailure", "plug locking failed", "warning", false],
  ["actuator-stuck", "ConnectorLockFailure", "actuator stuck", "alarm", true],
  ["actuator-missing", "ConnectorLockFailure", "could not detect.*actuator", "alarm", true],
  ["ocpp-meter", "PowerMeterFailure", "OCPP meter", "alarm", true, "readingsWrong"],
  ["external-meter", "PowerMeterFailure", "external meter", "alarm", false],
  ["rfid-reader", "ReaderFailure", "RFID reader", "warning", false],
];

/** Events of Schneider EVlink stations, numbered in `vendorErrorCode`. Numbers 2, 23 and 26 to 28 are not documented. */
const EVLINK: readonly [number: number, errorCode: FaultCode, ...meaning: Meaning][] = [
  [1, "ReaderFailure", "warning", null],
  [3, "InternalError", "alarm", null],
  [4, "ConnectorLockFailure", "alarm", null],
  [5, "PowerSwitchFailure", "alarm", null, "mayBeLive"],
  [6, "OtherError", "alarm", true],
  [7, "OtherError", "alarm", null],
  [8, "InternalError", "alarm", null],
  [9, "InternalError", "alarm", null],
  [10, "ConnectorLockFailure", "alarm", null],
  [11, "OverCurrentFailure", "alarm", null],
  [12, "PowerMeterFailure", "alarm", null, "readingsWrong"],
  [13, "ReaderFailure", "warning", null],
  [14, "ConnectorLockFailure", "warning", null],
  [15, "OtherError", "alarm", null, "phasesWrong"],
  [16, "OtherError", "alarm", null],
  [17, "EVCommunicationError", "warning", null],
  [18, "EVCommunicationError", "warning", null],
  [19, "EVCommunicationError", "info", true],
  [20, "EVCommunicationError", "alarm", true],
  [21, "OverCurrentFailure", "alarm", true, "disobeys"],
  [22, "EVCommunicationError", "warning", true],
  [24, "WeakSignal", "warning", null],
  [25, "ConnectorLockFailure", "info", null],
  [29, "OtherError", "alarm", null],
  [30, "OtherError", "warning", null],
  [31, "OtherError", "info", null],
];

/** Why the last charge at an EVlink outlet failed, as named in `vendorErrorCode` or `info`. */
const EVLINK_OUTLETS: readonly [name: string, errorCode: FaultCode, ...meaning: Meaning][] = [
  ["KO_BadgeUnknown", "NoError", "info", true],
  ["KO_BadgeIsNotTheBooker", "NoError", "info", true],
  ["KO_PlugOrShutterAbnormallyLocked", "ConnectorLockFailure", "alarm", true],
  ["KO_ShutterNotOpened", "ConnectorLockFailure", "warning", true],
  ["KO_PlugNotDetected", "ConnectorLockFailure", "info", true],
  ["KO_EvNotDetected", "ConnectorLockFailure", "info", true],
  ["KO_PlugOrShutterAbnormallyNotLocked", "ConnectorLockFailure", "alarm", true],
  ["KO_PlugProcedureError", "ConnectorLockFailure", "warning", true],
  ["KO_BadgeIsNotTheCurrentUser", "OtherError", "info", true],
  ["KO_UnlockPlugInCharge", "OtherError", "alarm", true],
  ["KO_OnStreetOpenShutterInCharge", "OtherError", "alarm", true],
  ["KO_ShutterNotClosed", "ConnectorLockFailure", "info", null],
  ["KO_PlugStillDetected", "ConnectorLockFailure", "info", null],
  ["KO_EVStillDetected", "ConnectorLockFailure", "info", null],
  ["KO_UnplugProcedureError", "ConnectorLockFailure", "warning", null],
];

/** ChargePointErrorCode (OCPP 1.6 §7.6): what is left when no vendor's text is known. */
const OCPP: readonly [errorCode: FaultCode, ...meaning: Meaning][] = [
  ["ConnectorLockFailure", "warning", null],
  ["EVCommunicationError", "warning", null],
  ["GroundFailure", "alarm", true],
  ["HighTemperature", "warning", null],
  ["InternalError", "alarm", null],
  ["LocalListConflict", "info", false],
  ["OtherError", "warning", null],
  ["OverCurrentFailure", "alarm", true],
  ["OverVoltage", "alarm", true],
  ["PowerMeterFailure", "alarm", null, "readingsWrong"],
  ["PowerSwitchFailure", "alarm", null, "mayBeLive"],
  ["ReaderFailure", "warning", false],
  ["ResetFailure", "warning", null],
  ["UnderVoltage", "alarm", true],
  ["WeakSignal", "info", false],
];

/** Every fault that has words; those of vendors first, as they are told before OCPP's. */
export const FAULTS: readonly Fault[] = [
  ...BENDER.map(([name, errorCode, info, ...rest]): Fault => {
    return { key: `bender/${name}`, vendor: "bender", errorCode, info, ...meaning(rest) };
  }),
  ...[...EVLINK, ...EVLINK_OUTLETS].map(([name, errorCode, ...rest]): Fault => {
    return { key: `evlink/${name}`, vendor: "schneider", errorCode, vendorErrorCode: `${name}`, ...meaning(rest) };
  }),
  ...OCPP.map(([errorCode, ...rest]): Fault => {
    return { key: `ocpp/${errorCode}`, vendor: null, errorCode, ...meaning(rest) };
  }),
];

/** What a charge point said was wrong, in a StatusNotification (OCPP 1.6 §4.9). */
export interface ReportedFault {
  /** Make as its BootNotification or its `vendorId` says it. */
  vendor: string | null;
  errorCode: string;
  vendorErrorCode: string | null;
  info: string | null;
}

/** Names that manuals give to OCPP's codes: those of OCPP 1.5, in lower camel case, and a name made by a translation. */
const OTHER_NAMES: Readonly<Record<string, FaultCode>> = {
  mode3error: "EVCommunicationError",
  aboutcurrentfailure: "OverCurrentFailure",
};

/** OCPP's code behind a name as some manual or charge point spells it; null when it is none. */
export function errorCodeOf(name: string): FaultCode | null {
  const key = name.trim().toLowerCase();
  return OTHER_NAMES[key] ?? ERROR_CODES.find((code) => code.toLowerCase() === key) ?? null;
}

/** Makes whose charge points speak a vendor's codes, as their boot or `vendorId` names them. */
const MAKES: readonly { vendor: NonNullable<Fault["vendor"]>; make: RegExp }[] = [
  { vendor: "bender", make: /bender|ebee|mennekes|walther/i },
  { vendor: "schneider", make: /schneider|evlink/i },
];

/** The vendor whose codes a make uses; null for one without a list of its own. */
export function vendorOf(make: string | null): Fault["vendor"] {
  return MAKES.find((one) => make !== null && one.make.test(make))?.vendor ?? null;
}

/** Characters of what a charge point says of a fault: OCPP 1.6 allows 50, and the patterns run over no more. */
const LONGEST_WORDS = 200;

/**
 * The words for a reported fault: the vendor's own code first, then its free text, then OCPP's code.
 * @returns null when nothing is wrong
 */
export function faultOf({ vendor: make, errorCode, vendorErrorCode, info }: ReportedFault): Fault | null {
  const vendor = vendorOf(make);
  const own = vendor === null ? [] : FAULTS.filter((fault) => fault.vendor === vendor);
  const code = bareCode(vendorErrorCode?.slice(0, LONGEST_WORDS) ?? null);
  const words = (info ?? "").slice(0, LONGEST_WORDS).trim();
  const numbered = own.find(({ vendorErrorCode: one }) => one !== undefined && (one === code || one === words));
  if (numbered) return numbered;
  const told = errorCodeOf(errorCode) ?? "OtherError";
  // What OCPP 1.6 has no word for, charge points name beside OtherError: by a word of OCPP 1.5, for one.
  const named = [code, words].map(errorCodeOf).find((one) => one !== null && one !== "NoError");
  const ocpp = told === "OtherError" ? (named ?? told) : told;
  if (ocpp === "NoError") return null;
  const worded = own.find((fault) => fault.info && new RegExp(fault.info, "i").test(`${words} ${code}`));
  return worded ?? FAULTS.find(({ key }) => key === `ocpp/${ocpp}`) ?? null;
}

/** What is said of a fault. */
export function faultText({ key }: Pick<Fault, "key">, language: Language): FaultText {
  const said = (field: string): string => sentenceOr(language, `fault.${key}.${field}`, "");
  return { name: said("name"), text: said("text") || null, cause: said("cause") || null, action: said("action") };
}

/** `Evt #05`, `005` and `5` are the same code. */
function bareCode(code: string | null): string {
  const bare = (code ?? "").trim().replace(/^Evt ?#? ?/i, "");
  return /^\d+$/.test(bare) ? bare.replace(/^0+(?=\d)/, "") : bare;
}
