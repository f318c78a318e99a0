import { parseSum } from "./computed.ts";
import { type RegisterRead, registerValue } from "./decode.ts";
import { perPhase } from "./measurement.ts";
import { planReads } from "./plan.ts";
import type { MeterProfile, Register, SunSpecModel, SunSpecPoint } from "./profile-schema.ts";

/** A model on a device. */
export interface SunSpecBlock {
  id: number;
  /** Address of the id register. */
  address: number;
  /** Registers after the length register. */
  length: number;
  /** Which device behind the address: the number of common blocks (model 1) before this one, less one. */
  subdevice: number;
}

/** Reads `count` words at an address. */
export type ReadWords = (address: number, count: number) => Promise<number[]>;

type Registers = MeterProfile["registers"];
type Modules = NonNullable<SunSpecModel["modules"]>;

const NOT_IMPLEMENTED = 0xffff;

/**
 * A profile with the registers of these models where they are on the device. The first model that has a quantity gives it. Of repeated
 * blocks (model 160) those count that the device says it has.
 */
export async function resolveSunSpec(
  profile: MeterProfile,
  chosen: readonly SunSpecBlock[],
  words: ReadWords,
): Promise<MeterProfile> {
  const { sunspec, ...rest } = profile;
  const registers: Registers = {};
  let phases = profile.phases;
  for (const [index, block] of chosen.entries()) {
    const model = sunspec?.models[String(block.id)];
    if (!model) continue;
    if (index === 0) phases = model.phases ?? phases;
    const found = { ...registersOf(model.points, block, 0), ...(await moduleRegisters(model.modules, block, words)) };
    for (const [name, register] of Object.entries(found)) registers[name] ??= register;
  }
  const computed = presentSums(profile.computed ?? {}, registers);
  return { ...rest, phases, registers, computed };
}

function registersOf(points: SunSpecModel["points"], block: SunSpecBlock, shift: number): Registers {
  const registers: Registers = {};
  for (const [name, point] of Object.entries(points)) {
    if (point.offset + shift <= block.length + 1) registers[name] = registerOf(point, block, shift);
  }
  return registers;
}

function registerOf(
  { offset, type, unit, point, scale = 1, scaleFactorOffset, notAvailable, unavailableMeans }: SunSpecPoint,
  { id, address }: SunSpecBlock,
  shift: number,
): Register {
  return {
    address: address + offset + shift,
    type,
    scale,
    unit,
    ...(scaleFactorOffset === undefined ? {} : { scaleFactorAddress: address + scaleFactorOffset }),
    ...(notAvailable ? { notAvailable } : {}),
    ...(unavailableMeans === undefined ? {} : { unavailableMeans }),
    note: `${point} of SunSpec model ${id}`,
    sources: [],
    verified: "full",
  };
}

async function moduleRegisters(
  modules: Modules | undefined,
  block: SunSpecBlock,
  words: ReadWords,
): Promise<Registers> {
  if (!modules) return {};
  const { start, length, countOffset, points, meaning } = modules;
  const room = Math.floor((block.length + 2 - start) / length);
  const [said = NOT_IMPLEMENTED] = await words(block.address + countOffset, 1);
  const count = Math.min(room, said === NOT_IMPLEMENTED ? room : said);
  const registers: Registers = {};
  for (let module = 1; module <= count; module++) {
    if (!(String(module) in meaning)) continue;
    const own = registersOf(points, block, (module - 1) * length);
    for (const [name, register] of Object.entries(own)) registers[`module${module}.${name}`] = register;
  }
  return registers;
}

/** A sum over blocks that the device does not have is one of those that it has; a difference needs both its halves. */
function presentSums(computed: Record<string, string>, registers: Registers): Record<string, string> {
  const sums: Record<string, string> = {};
  for (const [quantity, expression] of Object.entries(computed)) {
    const terms = parseSum(expression);
    const present = terms.filter(({ name }) => name in registers);
    if (present.length === 0) continue;
    sums[quantity] = terms.some(({ sign }) => sign < 0) ? expression : present.map(({ name }) => name).join(" + ");
  }
  return sums;
}

const PHASE_POWERS = perPhase("power");

/**
 * A resolved profile without the phase powers, where the device gives none of them beside a total: they are optional in the meter models
 * (SunSpec models 201 to 214), and a reading must not be called bad for what the device never promised.
 * Rejects with what `words` rejects with.
 */
export async function withoutOptional(profile: MeterProfile, words: ReadWords): Promise<MeterProfile> {
  const powers = Object.entries(profile.registers).filter(([name]) => /^power(L[123])?$/.test(name));
  const registers = Object.fromEntries(powers);
  if (!registers["power"] || powers.length < 2) return profile;
  const reads: RegisterRead[] = [];
  for (const { functionCode, address, count } of planReads({ ...profile, registers, computed: {} }))
    reads.push({ functionCode, address, registers: await words(address, count) });
  const isKnown = (name: string) => registerValue(profile, reads, name) !== null;
  if (!isKnown("power") || PHASE_POWERS.some(isKnown)) return profile;
  const { powerL1: _1, powerL2: _2, powerL3: _3, ...kept } = profile.registers;
  return { ...profile, registers: kept };
}
