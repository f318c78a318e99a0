import { messageOf } from "../errors.ts";
import { parseSum } from "./computed.ts";
import { type MeterProfile, type Register, type SunSpec, wordsOf } from "./profile-schema.ts";
import { unitOf } from "./profiles/notation.ts";
import { shapeFaults } from "./shape-faults.ts";

/**
 * Everything that is wrong with a profile, one sentence per fault, each beginning with the path of the field and saying what it must
 * be; empty when it may be used. Takes anything, so that a profile from a file or an editor can be checked before it is trusted.
 */
export function validateProfile(profile: unknown): string[] {
  const shape = shapeFaults(profile);
  if (shape.length > 0) return shape;
  const valid = profile as MeterProfile;
  return [...registerFaults(valid), ...overlapFaults(valid), ...computedFaults(valid), ...sunspecFaults(valid)];
}

/** As `validateProfile` for a list, each fault with the id in front; two profiles of one id are a fault. */
export function validateProfiles(profiles: readonly MeterProfile[]): string[] {
  const seen = new Set<string>();
  return profiles.flatMap((profile) => {
    const twice = seen.has(profile.id) ? [`id ${profile.id} is taken already; choose another`] : [];
    seen.add(profile.id);
    return [...twice, ...validateProfile(profile)].map((fault) => `${profile.id}: ${fault}`);
  });
}

function registerFaults(profile: MeterProfile): string[] {
  const { registers, sunspec } = profile;
  if (Object.keys(registers).length === 0 && !sunspec) return ["registers must hold at least one value"];
  return Object.entries(registers).flatMap(([name, register]) =>
    singleFaults(profile, name, register).map((fault) => `registers.${name}${fault}`),
  );
}

function singleFaults({ limits, sources, kind }: MeterProfile, name: string, register: Register): string[] {
  const { address, type, scale, unit, notAvailable = [], unavailableMeans, coding } = register;
  const words = wordsOf(type);
  const unknown = register.sources.filter((source) => !Object.hasOwn(sources, source));
  const isSource = kind === "pv" || kind === "battery";
  const rules: [boolean, string][] = [
    [!/^[a-z][A-Za-z0-9.]*$/.test(name), " must begin with a small letter and have letters and digits only"],
    [scale === 0, ".scale must not be 0"],
    [unit !== unitOf(name), `.unit is "${unit}"; it must be "${unitOf(name)}", with the factor in scale`],
    [address + words > 65_536, `.address leaves no room for ${words} registers; it must be at most ${65_536 - words}`],
    [
      words > limits.maxRegistersPerRead,
      `.type does not fit one read of ${limits.maxRegistersPerRead} registers; raise limits.maxRegistersPerRead to ${words}`,
    ],
    [
      notAvailable.some((raw) => raw.length - 2 !== words * 4),
      `.notAvailable must have ${words * 4} hexadecimal digits for ${type}`,
    ],
    // Unknown is never zero where a breaker is watched.
    [
      unavailableMeans !== undefined && !(isSource && unit === "W"),
      ".unavailableMeans is for powers of pv and batteries only; leave it out",
    ],
    [coding === "fourQuadrant" && !name.startsWith("powerFactor"), ".coding is for power factors only; leave it out"],
    ...unknown.map((source): [boolean, string] => [true, `.sources names "${source}", which is not among sources`]),
  ];
  return rules.filter(([broken]) => broken).map(([, text]) => text);
}

/** Two names for the same value are fine; a value that begins inside another is a typing error. */
function overlapFaults({ registers, functionCode }: MeterProfile): string[] {
  const spans = Object.entries(registers)
    .map(([name, register]) => ({
      name,
      table: register.functionCode ?? functionCode,
      from: register.address,
      to: register.address + wordsOf(register.type),
    }))
    .sort((a, b) => a.table - b.table || a.from - b.from || b.to - a.to);
  return spans.flatMap((span, index) => {
    const within = (other: (typeof spans)[number]) =>
      other.table === span.table &&
      other.to > span.from &&
      (other.from < span.from || (other.from === span.from && other.to !== span.to));
    const outer = spans.slice(0, index).find(within);
    return outer
      ? [`registers.${span.name} begins inside registers.${outer.name}; check both addresses and types`]
      : [];
  });
}

function computedFaults({ registers, computed = {}, sunspec }: MeterProfile): string[] {
  const found = sunspec ? discoverable(sunspec) : () => false;
  return Object.entries(computed).flatMap(([name, expression]) => {
    const twice = Object.hasOwn(registers, name)
      ? [`computed.${name} is among registers too; keep one of the two`]
      : [];
    try {
      const unknown = parseSum(expression).filter((term) => !Object.hasOwn(registers, term.name) && !found(term.name));
      return [
        ...twice,
        ...unknown.map((term) => `computed.${name} uses "${term.name}", which is not among registers; add it there`),
      ];
    } catch (error) {
      return [...twice, `computed.${name}: ${messageOf(error)}`];
    }
  });
}

/** Whether discovery can yield a register of this name. */
function discoverable({ models }: SunSpec): (name: string) => boolean {
  return (name) =>
    Object.values(models).some(({ points, modules }) => {
      const [, point] = /^module[1-9]\d*\.(.+)$/.exec(name) ?? [];
      return Object.hasOwn(points, name) || (point !== undefined && modules !== undefined && point in modules.points);
    });
}

function sunspecFaults({ sunspec }: MeterProfile): string[] {
  if (!sunspec) return [];
  const { models, modelPreference, companions = [] } = sunspec;
  const missing = [...modelPreference, ...companions].filter((id) => !Object.hasOwn(models, id));
  const loose = Object.entries(models).flatMap(([id, { length, points }]) =>
    Object.entries(points).flatMap(([name, { offset, type, scaleFactorPoint, scaleFactorOffset }]) => {
      const path = `sunspec.models.${id}.points.${name}`;
      // Length does not count the id and the length registers.
      const outside = length !== null && Math.max(offset + wordsOf(type), (scaleFactorOffset ?? 0) + 1) > length + 2;
      return [
        ...(outside ? [`${path} lies behind the end of the model (length ${length})`] : []),
        ...((scaleFactorPoint === undefined) !== (scaleFactorOffset === undefined)
          ? [`${path} must have scaleFactorPoint and scaleFactorOffset, or neither`]
          : []),
      ];
    }),
  );
  return [...missing.map((id) => `sunspec names model ${id}, which is not among sunspec.models`), ...loose];
}
