import { characterMs, type LineFormat } from "../modbus/wire-time.ts";
import { type Atom, atomsOf, type PlanGroup } from "./plan-atoms.ts";
import type { FunctionCode, MeterProfile } from "./profile-schema.ts";

/** One read request. */
export interface ReadBlock {
  functionCode: FunctionCode;
  address: number;
  count: number;
}

/** A read request with the values that it brings, in the order of their addresses. */
export interface PlannedBlock extends ReadBlock {
  atoms: readonly Atom[];
}

export interface PlanOptions {
  /** `fast`: currents, powers and state of charge; `slow`: all others. Without it, everything. */
  group?: PlanGroup;
  /** Overrides the profile's `limits.maxGap`; 0 reads no register that is not needed. */
  maxGap?: number;
}

/**
 * The fewest reads that bring the quantities of a profile: values are joined while the hole between them is at most `maxGap` registers
 * and the block stays within what the device answers at once. A value is never split, and the halves of a difference (import − export)
 * come in one read wherever that fits. Sorted by function code, then address.
 */
export function planReads(profile: MeterProfile, options: PlanOptions = {}): ReadBlock[] {
  return planBlocks(profile, options).map(({ functionCode, address, count }) => ({ functionCode, address, count }));
}

/** As `planReads`, with what is in each block. */
export function planBlocks(profile: MeterProfile, options: PlanOptions = {}): PlannedBlock[] {
  const { group, maxGap = profile.limits.maxGap } = options;
  const limit = profile.limits.maxRegistersPerRead;
  const blocks: Atom[][] = [];
  for (const atom of atomsOf(profile, group, maxGap)) {
    const open = blocks.at(-1);
    const first = open?.[0];
    const last = open?.at(-1);
    const joins = first && last && last.functionCode === atom.functionCode && atom.from - last.to <= maxGap;
    if (joins && Math.max(last.to, atom.to) - first.from <= limit) open.push(atom);
    else blocks.push([atom]);
  }
  return blocks.map(blockOf);
}

/** The read that spans these values, which lie one behind the other. */
export function blockOf(atoms: readonly Atom[]): PlannedBlock {
  const { functionCode, from: address } = atoms[0] as Atom;
  return { functionCode, address, count: Math.max(...atoms.map(({ to }) => to)) - address, atoms };
}

/** Registers of a hole that take as long on the line as a request of their own would: 8 + 5 characters and two silences of 3.5. */
const REQUEST_REGISTERS = 10;

/**
 * The longest run of unneeded registers that is worth reading over on this line; Infinity where registers cost no time (TCP).
 * @param turnaroundMs how long the device takes before it answers; null while unknown counts as none
 */
export function worthwhileHole(line: LineFormat | null, turnaroundMs: number | null): number {
  if (!line) return Number.POSITIVE_INFINITY;
  return Math.round(REQUEST_REGISTERS + (turnaroundMs ?? 0) / (2 * characterMs(line)));
}
