import { Errors } from "typebox/value";
import { messageOf } from "../errors.ts";
import { parseSum } from "./computed.ts";
import { type MeterProfile, MeterProfileSchema, wordsOf } from "./profile-schema.ts";

/**
 * Everything that is wrong with a profile, one sentence per fault, each beginning with the path of the field; empty when it may be
 * used. Takes anything, so that a profile from a file or an editor can be checked before it is trusted.
 */
export function validateProfile(profile: unknown): string[] {
  const shape = shapeFaults(profile);
  if (shape.length > 0) return shape;
  const valid = profile as MeterProfile;
  return [...registerFaults(valid), ...overlapFaults(valid), ...computedFaults(valid)];
}

function shapeFaults(profile: unknown): string[] {
  return Errors(MeterProfileSchema, profile).map(({ instancePath, message, params }) => {
    const path = instancePath.slice(1).replaceAll("/", ".") || "profile";
    const allowed = "allowedValues" in params ? `: ${(params.allowedValues as unknown[]).join(", ")}` : "";
    const names = "requiredProperties" in params ? `: ${(params.requiredProperties as string[]).join(", ")}` : "";
    const extra = "additionalProperties" in params ? `: ${(params.additionalProperties as string[]).join(", ")}` : "";
    return `${path} ${message}${allowed}${names}${extra}`;
  });
}

function registerFaults({ registers, limits, sources, sunspec }: MeterProfile): string[] {
  const faults: string[] = [];
  if (Object.keys(registers).length === 0 && !sunspec) faults.push("registers must hold at least one value");
  for (const [name, register] of Object.entries(registers)) {
    const path = `registers.${name}`;
    const words = wordsOf(register.type);
    if (register.scale === 0) faults.push(`${path}.scale must not be 0`);
    if (register.address + words > 65_536) faults.push(`${path}.address leaves no room for ${words} registers`);
    if (words > limits.maxRegistersPerRead)
      faults.push(`${path}.type does not fit one read of ${limits.maxRegistersPerRead} registers`);
    if (words > 1 && register.notAvailable?.some((raw) => raw.length - 2 !== words * 4)) {
      faults.push(`${path}.notAvailable must have ${words * 4} hexadecimal digits`);
    }
    for (const source of register.sources) {
      if (!(source in sources)) faults.push(`${path}.sources names "${source}", which is not among sources`);
    }
  }
  return faults;
}

function overlapFaults({ registers, functionCode }: MeterProfile): string[] {
  const sorted = Object.entries(registers).sort(([, a], [, b]) => a.address - b.address);
  const faults: string[] = [];
  for (const [index, [name, register]] of sorted.entries()) {
    const previous = sorted[index - 1];
    if (!previous) continue;
    const [otherName, other] = previous;
    const sameTable = (other.functionCode ?? functionCode) === (register.functionCode ?? functionCode);
    // Two names for the same value are fine; a value that begins inside another is a typing error.
    const inside = register.address > other.address && register.address < other.address + wordsOf(other.type);
    if (sameTable && inside) faults.push(`registers.${name} begins inside registers.${otherName}`);
  }
  return faults;
}

function computedFaults({ registers, computed = {}, sunspec }: MeterProfile): string[] {
  return Object.entries(computed).flatMap(([name, expression]) => {
    try {
      const unknown = parseSum(expression).filter((term) => !(term.name in registers) && !sunspec);
      return unknown.map((term) => `computed.${name} uses "${term.name}", which is not among registers`);
    } catch (error) {
      return [`computed.${name}: ${messageOf(error)}`];
    }
  });
}
