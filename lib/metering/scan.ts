import { EvError, messageOf } from "../errors.ts";
import { keyOf, ModbusException } from "../modbus/transport.ts";
import type { MeterBus } from "./acquisition.ts";
import { decodeWithProblems, type RegisterRead } from "./decode.ts";
import { planBlocks, type ReadBlock } from "./plan.ts";
import type { MeterProfile } from "./profile-schema.ts";
import { implausible } from "./quality.ts";
import { discoverSunSpec, type ReadRegisters } from "./sunspec.ts";

export interface ScanOptions {
  bus: MeterBus;
  /** First and last unit id, 0 to 255; both are asked. */
  from: number;
  to: number;
  /** Profiles to try on what answers, the likeliest first; the first one says which registers are asked for. */
  profiles: readonly MeterProfile[];
  /** How long a unit may take, ms (default 300); a unit that is not there takes all of it. */
  timeoutMs?: number;
  /** Ends the scan before the next request. */
  signal?: AbortSignal;
  onProgress?: (progress: ScanProgress) => void;
}

export interface ScanProgress {
  unitId: number;
  /** Units asked so far, and all. */
  done: number;
  total: number;
  /** What the unit just asked turned out to be; null = silence. */
  found: ScanFinding | null;
}

/** A unit that answers. */
export interface ScanFinding {
  unitId: number;
  /** How it answers, in words: `answers`, or what is odd about it. */
  text: string;
  /** Profiles whose values would be plausible, the best first. */
  fits: ScanFit[];
}

export interface ScanFit {
  profile: string;
  /** Voltages and frequency that are plausible, or 1 for a SunSpec device that has the right models. */
  witnesses: number;
  /** `229.4 V, 50.01 Hz`, or what discovery found. */
  text: string;
}

export interface ScanResult {
  found: ScanFinding[];
  /** The signal ended it; units after the last one told were not asked. */
  isCancelled: boolean;
}

const TIMEOUT_MS = 300;
/** A unit that answers is asked at most so many times: a scan must not become a load. */
const MOST_READS = 60;

/**
 * Asks a range of unit ids one after the other, and tries the profiles on each unit that answers.
 * Rejects with EvError EV_CONFIG_INVALID for a range that cannot be, or with the bus's error when the line itself cannot be opened.
 */
export async function scanUnits(options: ScanOptions): Promise<ScanResult> {
  const { from, to, profiles, signal, onProgress } = options;
  const [first] = profiles;
  for (const [name, value] of Object.entries({ from, to }))
    if (!Number.isInteger(value) || value < 0 || value > 255)
      throw new EvError("EV_CONFIG_INVALID", `${name} is ${value}; unit ids are whole numbers from 0 to 255`);
  if (from > to) throw new EvError("EV_CONFIG_INVALID", `from (${from}) must not be above to (${to})`);
  if (!first) throw new EvError("EV_CONFIG_INVALID", "profile: choose one to scan with");
  const found: ScanFinding[] = [];
  for (let unitId = from; unitId <= to; unitId++) {
    if (signal?.aborted) return { found, isCancelled: true };
    const finding = await scanUnit(options, unitId, first);
    if (finding) found.push(finding);
    onProgress?.({ unitId, done: unitId - from + 1, total: to - from + 1, found: finding });
  }
  return { found, isCancelled: false };
}

/** Whether a unit is there, and what it could be. Registers that several profiles want are read once. */
async function scanUnit(
  { bus, profiles, timeoutMs = TIMEOUT_MS, signal }: ScanOptions,
  unitId: number,
  first: MeterProfile,
): Promise<ScanFinding | null> {
  const { minRequestGapMs: gapMs, connectDelayMs } = first.limits;
  const known = new Map<string, Promise<number[]>>();
  const read: ReadRegisters = ({ functionCode, address, count }) => {
    const request = { unitId, functionCode, address, count };
    const reply =
      known.get(keyOf(request)) ?? bus.read(request, { timeoutMs, gapMs, connectDelayMs, priority: "probe" });
    known.set(keyOf(request), reply);
    return reply;
  };
  const text = await greet(first, read);
  if (text === null) return null;
  const fits: ScanFit[] = [];
  for (const profile of profiles) {
    if (signal?.aborted || known.size >= MOST_READS) break;
    const fit = await tryProfile(profile, read);
    if (fit) fits.push(fit);
  }
  fits.sort((a, b) => b.witnesses - a.witnesses);
  return { unitId, text, fits };
}

/** How the unit answers, in words; null = there is none. Any answer says that it is there, unless a gateway says that it is not. */
async function greet(profile: MeterProfile, read: ReadRegisters): Promise<string | null> {
  try {
    await read(greetingOf(profile));
    return "answers";
  } catch (error) {
    if (error instanceof ModbusException) return error.isFromGateway ? null : "answers";
    const code = error instanceof EvError ? error.code : null;
    if (code === "EV_MODBUS_TIMEOUT") return null;
    if (code === "EV_MODBUS_FRAME") return `answers something that makes no sense: ${messageOf(error)}`;
    throw error;
  }
}

async function tryProfile(profile: MeterProfile, read: ReadRegisters): Promise<ScanFit | null> {
  try {
    if (profile.sunspec)
      return { profile: profile.id, witnesses: 1, text: (await discoverSunSpec(profile, read)).text };
    const reads: RegisterRead[] = [];
    for (const block of witnessBlocks(profile)) reads.push({ ...block, registers: await read(block) });
    return fitOf(profile, reads);
  } catch (error) {
    if (error instanceof EvError && error.code !== "EV_MODBUS_CONNECT") return null;
    throw error;
  }
}

function greetingOf(profile: MeterProfile): ReadBlock {
  const base = profile.sunspec?.baseCandidates[0];
  if (base !== undefined) return { functionCode: profile.functionCode, address: base, count: 2 };
  return planBlocks(profile)[0] ?? { functionCode: profile.functionCode, address: 0, count: 1 };
}

/** Reads of the values that tell a right map from a wrong one: nothing else lies within such narrow bounds. */
function witnessBlocks(profile: MeterProfile): ReadBlock[] {
  const witnesses = Object.entries(profile.registers).filter(([name]) => /^(voltageL[123]|frequency)$/.test(name));
  return planBlocks({ ...profile, registers: Object.fromEntries(witnesses), computed: {} }, { maxGap: 0 });
}

function fitOf(profile: MeterProfile, reads: readonly RegisterRead[]): ScanFit | null {
  const { measurement } = decodeWithProblems(profile, reads);
  const volts = measurement.voltageV.filter((value) => value !== null && !implausible("voltage", value));
  const hertz = measurement.frequencyHz;
  const shown = [...volts.map((value) => `${value} V`), ...(hertz === null ? [] : [`${hertz} Hz`])];
  // A single number in bounds may be chance: profiles with fewer than two such values cannot be recognised.
  return shown.length < 2 ? null : { profile: profile.id, witnesses: shown.length, text: shown.join(", ") };
}
