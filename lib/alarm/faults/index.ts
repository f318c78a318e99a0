import { ERROR_CODES } from "../../ocpp/status-words.ts";
import type { Language } from "../../words/types.ts";
import { BENDER_FAULTS } from "./bender.ts";
import { EVLINK_FAULTS } from "./evlink.ts";
import { EVLINK_OUTLET_FAULTS } from "./evlink-outlets.ts";
import { OCPP_FAULTS } from "./ocpp.ts";
import type { ErrorCode, Fault } from "./types.ts";
import { GERMAN_FAULTS } from "./words/de.ts";
import { FRENCH_FAULTS } from "./words/fr.ts";
import type { FaultWords } from "./words/types.ts";

export type { ErrorCode, Fault, FaultEffect } from "./types.ts";

const VENDOR_FAULTS: readonly Fault[] = [...BENDER_FAULTS, ...EVLINK_FAULTS, ...EVLINK_OUTLET_FAULTS];

/** Every fault that has words. */
export const FAULTS: readonly Fault[] = [...VENDOR_FAULTS, ...OCPP_FAULTS];

/** What a charge point said was wrong, in a StatusNotification (OCPP 1.6 §4.9). */
export interface ReportedFault {
  /** Make as its BootNotification or its `vendorId` says it. */
  vendor: string | null;
  errorCode: string;
  vendorErrorCode: string | null;
  info: string | null;
}

/** Names that manuals give to OCPP's codes: those of OCPP 1.5, in lower camel case, and one that a translation made. */
const OTHER_NAMES: Readonly<Record<string, ErrorCode>> = {
  mode3error: "EVCommunicationError",
  aboutcurrentfailure: "OverCurrentFailure",
};

/** OCPP's code behind a name as some manual or charge point spells it; null when it is none. */
export function errorCodeOf(name: string): ErrorCode | null {
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

/** Characters of what a charge point says of a fault: OCPP 1.6 allows 50, and patterns are kept from running over more. */
const LONGEST_WORDS = 200;

/**
 * The words for a reported fault: the vendor's own code first, then its free text, then OCPP's code.
 * @returns null when nothing is wrong
 */
export function faultOf({ vendor: make, errorCode, vendorErrorCode, info }: ReportedFault): Fault | null {
  const vendor = vendorOf(make);
  const own = vendor === null ? [] : VENDOR_FAULTS.filter((fault) => fault.vendor === vendor);
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
  return worded ?? OCPP_FAULTS.find((fault) => fault.errorCode === ocpp) ?? null;
}

/** Faults in other languages than English, by key. */
export const FAULT_WORDS: Readonly<Partial<Record<Language, FaultWords>>> = { de: GERMAN_FAULTS, fr: FRENCH_FAULTS };

/** A fault in the words of a language. */
export function faultIn(fault: Fault, language: Language): Fault {
  const said = FAULT_WORDS[language]?.[fault.key];
  if (!said) return fault;
  const [name, text, cause, action] = said;
  return { ...fault, name, text, cause, action };
}

/** `Evt #05`, `005` and `5` are the same code. */
function bareCode(code: string | null): string {
  const bare = (code ?? "").trim().replace(/^Evt ?#? ?/i, "");
  return /^\d+$/.test(bare) ? bare.replace(/^0+(?=\d)/, "") : bare;
}
