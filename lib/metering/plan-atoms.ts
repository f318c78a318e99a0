import { parseSum } from "./computed.ts";
import { type FunctionCode, isFast, type MeterProfile, QUANTITIES, wordsOf } from "./profile-schema.ts";

export type PlanGroup = "fast" | "slow";

/** Registers that must come in one read: a value, or values that must be of the same moment. */
export interface Atom {
  functionCode: FunctionCode;
  from: number;
  /** First address behind it. */
  to: number;
  /** Names of the registers in it. */
  names: readonly string[];
}

/** The atoms of a profile, sorted by function code and address. They do not overlap, unless their union is too long for one read. */
export function atomsOf(profile: MeterProfile, group: PlanGroup | undefined, maxGap: number): Atom[] {
  const fast = fastNames(profile);
  const single = Object.keys(profile.registers)
    .filter((name) => group === undefined || fast.has(name) === (group === "fast"))
    .map((name) => atomOf(profile, name))
    .sort(byAddress);
  const limit = profile.limits.maxRegistersPerRead;
  const sums = Object.values(profile.computed ?? {}).map(parseSum);
  const differences = sums.filter((terms) => terms.some(({ sign }) => sign < 0));
  const pairs = differences.flatMap((terms) =>
    pairAtom(
      terms.map(({ name }) => name),
      single,
      maxGap,
      limit,
    ),
  );
  return joined([...single, ...pairs].sort(byAddress), single, limit);
}

/** The values of an atom one by one, for a device that does not answer for all of them at once. */
export function valuesOf(profile: MeterProfile, { names }: Atom): Atom[] {
  return names.map((name) => atomOf(profile, name)).sort(byAddress);
}

function atomOf(profile: MeterProfile, name: string): Atom {
  const register = profile.registers[name] as MeterProfile["registers"][string];
  const { address, scaleFactorAddress: beside = address } = register;
  return {
    functionCode: register.functionCode ?? profile.functionCode,
    from: Math.min(address, beside),
    to: Math.max(address + wordsOf(register.type), beside + 1),
    names: [name],
  };
}

/** Registers that hold a fast quantity, or an addend of one. Registers that no quantity is made of are slow, whatever their name. */
function fastNames({ registers, computed = {} }: MeterProfile): Set<string> {
  const names = new Set(Object.keys(registers).filter((name) => isFast(name) && QUANTITIES.includes(name)));
  for (const [quantity, sum] of Object.entries(computed)) {
    for (const { name } of parseSum(sum)) if (isFast(quantity)) names.add(name);
  }
  return names;
}

/** The halves of a difference as one atom; none if there is too much between them. */
function pairAtom(names: readonly string[], single: readonly Atom[], maxGap: number, limit: number): Atom[] {
  const halves = single.filter((atom) => names.includes(atom.names[0] as string));
  const [first] = halves;
  if (!first || halves.length < 2 || halves.some(({ functionCode }) => functionCode !== first.functionCode)) return [];
  const to = Math.max(...halves.map((atom) => atom.to));
  const inside = single.filter(
    (atom) => atom.functionCode === first.functionCode && atom.from < to && atom.to > first.from,
  );
  let reached = first.from;
  for (const atom of inside) {
    if (atom.from - reached > maxGap) return [];
    reached = Math.max(reached, atom.to);
  }
  return to - first.from > limit ? [] : [{ ...first, to, names: halves.flatMap((half) => half.names) }];
}

/** Atoms that overlap become one; where that is too long for one read, its values stay single. */
function joined(atoms: readonly Atom[], single: readonly Atom[], limit: number): Atom[] {
  const result: Atom[] = [];
  for (const atom of atoms) {
    const last = result.at(-1);
    if (!last || last.functionCode !== atom.functionCode || atom.from >= last.to) result.push(atom);
    else {
      const names = [...new Set([...last.names, ...atom.names])];
      result[result.length - 1] = { ...last, to: Math.max(last.to, atom.to), names };
    }
  }
  return result.flatMap((atom) =>
    atom.to - atom.from <= limit
      ? [atom]
      : single.filter(
          (value) => atom.names.includes(value.names[0] as string) && value.functionCode === atom.functionCode,
        ),
  );
}

function byAddress(a: Atom, b: Atom): number {
  return a.functionCode - b.functionCode || a.from - b.from || a.to - b.to;
}
