import { parseSum } from "./computed.ts";
import { type FunctionCode, isFast, type MeterProfile, wordsOf } from "./profile-schema.ts";

/** One read request. */
export interface ReadBlock {
  functionCode: FunctionCode;
  address: number;
  count: number;
}

export interface PlanOptions {
  /** `fast`: currents, powers and state of charge; `slow`: all others. Without it, everything. */
  group?: "fast" | "slow";
  /** Overrides the profile's `limits.maxGap`; 0 reads no register that is not needed. */
  maxGap?: number;
}

interface Span {
  functionCode: FunctionCode;
  from: number;
  /** First address behind the value. */
  to: number;
}

/**
 * The fewest reads that bring the quantities of a profile: values are joined while the hole between them is at most `maxGap` registers
 * and the block stays within what the device answers at once. A value is never split. Sorted by function code, then address.
 */
export function planReads(profile: MeterProfile, options: PlanOptions = {}): ReadBlock[] {
  const { group, maxGap = profile.limits.maxGap } = options;
  const blocks: Span[] = [];
  for (const span of spans(profile, group)) {
    const last = blocks.at(-1);
    const joined = last && last.functionCode === span.functionCode && span.from - last.to <= maxGap;
    if (joined && Math.max(last.to, span.to) - last.from <= profile.limits.maxRegistersPerRead)
      last.to = Math.max(last.to, span.to);
    else blocks.push({ ...span });
  }
  return blocks.map(({ functionCode, from, to }) => ({ functionCode, address: from, count: to - from }));
}

function spans(profile: MeterProfile, group: "fast" | "slow" | undefined): Span[] {
  const fast = fastNames(profile);
  return Object.entries(profile.registers)
    .filter(([name]) => group === undefined || fast.has(name) === (group === "fast"))
    .map(([, register]) => ({
      functionCode: register.functionCode ?? profile.functionCode,
      from: register.address,
      to: register.address + wordsOf(register.type),
    }))
    .sort((a, b) => a.functionCode - b.functionCode || a.from - b.from || a.to - b.to);
}

/** Registers that hold a fast quantity, or an addend of one. */
function fastNames({ registers, computed = {} }: MeterProfile): Set<string> {
  const names = new Set(Object.keys(registers).filter(isFast));
  for (const [quantity, sum] of Object.entries(computed)) {
    for (const { name } of parseSum(sum)) if (isFast(quantity)) names.add(name);
  }
  return names;
}
