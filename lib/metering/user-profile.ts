import { EvError, messageOf } from "../errors.ts";
import { parseSum } from "./computed.ts";
import { type MeterProfile, QUANTITIES } from "./profile-schema.ts";
import { unitOf } from "./profiles/notation.ts";
import { validateProfile } from "./validate-profile.ts";

/** So many faults are told at once. */
const MOST_FAULTS = 5;

type Fields = Record<string, unknown>;

/**
 * A device that the user describes in JSON. Only `registers` are needed, each with `address` and `type`; all else has defaults: function
 * code 3, high word first, scale 1, a unit that follows from the quantity, no reading across holes, confidence C.
 * @throws EvError EV_METER_PROFILE naming every field that is wrong and what it must be
 */
export function parseUserProfile(text: string): MeterProfile {
  const profile = completed(parsed(text));
  const faults = validateProfile(profile);
  const all = faults.length > 0 ? faults : unusedFaults(profile as unknown as MeterProfile);
  if (all.length === 0) return profile as unknown as MeterProfile;
  const more = all.length > MOST_FAULTS ? ` (and ${all.length - MOST_FAULTS} more)` : "";
  throw new EvError("EV_METER_PROFILE", `${all.slice(0, MOST_FAULTS).join(". ")}${more}`);
}

function parsed(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EvError("EV_METER_PROFILE", `the profile is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (isFields(value)) return value;
  throw new EvError("EV_METER_PROFILE", "the profile must be an object in braces");
}

/** Fills in what is left out. What is given stays as it is, right or wrong. */
function completed(given: Fields): Fields {
  const id = given["id"] ?? "own-profile";
  const registers = given["registers"];
  return {
    id,
    kind: "meter",
    vendor: "Own profile",
    models: [id],
    phases: isFields(registers) && hasOnePhase(Object.keys(registers)) ? 1 : 3,
    transports: ["tcp", "rtu"],
    defaultsSource: null,
    functionCode: 3,
    alternativeFunctionCodes: [],
    wordOrder: "big",
    signConvention: "as its author wrote it: check import and export on the device",
    sources: {},
    disagreements: [],
    notes: [],
    confidence: "C",
    ...given,
    defaults: filled(given["defaults"], { unitId: 1, port: 502, baudRate: null, parity: null, stopBits: null }),
    limits: filled(given["limits"], {
      maxRegistersPerRead: 125,
      maxGap: 0,
      minRequestGapMs: 0,
      connectDelayMs: 0,
      singleClient: false,
    }),
    ...(isFields(registers) && { registers: Object.fromEntries(Object.entries(registers).map(withUsualFields)) }),
  };
}

function hasOnePhase(names: readonly string[]): boolean {
  return names.some((name) => name.endsWith("L1")) && !names.some((name) => /L[23]$/.test(name));
}

function withUsualFields([name, register]: [string, unknown]): [string, unknown] {
  return [name, filled(register, { scale: 1, unit: unitOf(name), sources: [], verified: "hand" })];
}

function filled(given: unknown, usual: Fields): unknown {
  return given === undefined ? usual : isFields(given) ? { ...usual, ...given } : given;
}

/** A register that no measurement takes is nearly always a misspelt one. */
function unusedFaults({ registers, computed = {} }: MeterProfile): string[] {
  const used = new Set([
    ...QUANTITIES,
    ...Object.values(computed).flatMap((sum) => parseSum(sum).map(({ name }) => name)),
  ]);
  const unused = Object.keys(registers).filter((name) => !used.has(name));
  const strange = Object.keys(computed).filter((name) => !QUANTITIES.includes(name));
  return [
    ...unused.map((name) => `registers.${name} is no quantity and no part of computed; quantities: ${list()}`),
    ...strange.map((name) => `computed.${name} is no quantity; quantities: ${list()}`),
  ];
}

function list(): string {
  return [...new Set(QUANTITIES.map((name) => name.replace(/L[123]$/, "L1 to L3")))].join(", ");
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
