import { EvError } from "../errors.ts";
import { ModbusException, type RegisterRequest } from "../modbus/transport.ts";
import type { MeterProfile, SunSpec } from "./profile-schema.ts";
import { type ReadWords, resolveSunSpec, type SunSpecBlock, withoutOptional } from "./sunspec-resolve.ts";

/** A SunSpec device as discovery found it. */
export interface SunSpecDevice {
  /** The profile with `registers` filled in and without `sunspec`: it plans and decodes like any other. */
  profile: MeterProfile;
  /** Everything that was seen on the way. */
  blocks: readonly SunSpecBlock[];
  /** Ids of the models that are read. */
  models: readonly number[];
  /** `SunSpec model 213 at 40069`. */
  text: string;
}

/** Reads registers of the device that is looked at. Rejects with the bus's EvError. */
export type ReadRegisters = (request: Omit<RegisterRequest, "unitId">) => Promise<number[]>;

/** "SunS" */
const MARKER = [0x5375, 0x6e53];
const END = 0xffff;
const COMMON = 1;
/** No device has more models: the walk ends here. */
const MOST_BLOCKS = 80;

/**
 * Finds the models of a SunSpec device (SunSpec Device Information Model Specification, 6.2): the marker at one of the profile's base
 * addresses, then id and length of model after model; the walk ends as soon as nothing better can follow.
 * Rejects with the bus's EvError, or EV_METER_NOT_FOUND saying what was found instead.
 */
export async function discoverSunSpec(profile: MeterProfile, read: ReadRegisters): Promise<SunSpecDevice> {
  const { sunspec, functionCode } = profile;
  if (!sunspec) throw new EvError("EV_CONFIG_INVALID", `the profile ${profile.id} is not one of a SunSpec device`);
  const words: ReadWords = (address, count) => read({ functionCode, address, count });
  const base = await findBase(sunspec.baseCandidates, words);
  const blocks = await walk(base + MARKER.length, words, (seen) => isSettled(sunspec, seen));
  const chosen = chooseModels(sunspec, blocks);
  if (chosen.length === 0) throw notFound(sunspec, blocks);
  const all = await resolveSunSpec(profile, chosen, words);
  const resolved = await unlessRefused(withoutOptional(all, words), all);
  const text = `SunSpec ${chosen.map(({ id, address }) => `model ${id} at ${address}`).join(", ")}`;
  return { profile: resolved, blocks, models: chosen.map(({ id }) => id), text };
}

/** Whether the models that are read are still where they were found. Rejects with the bus's EvError without an answer. */
export async function hasSameModels(
  { profile: { functionCode }, blocks, models }: SunSpecDevice,
  read: ReadRegisters,
): Promise<boolean> {
  for (const { id, address, length } of blocks.filter((block) => models.includes(block.id))) {
    const found = await unlessRefused(read({ functionCode, address, count: 2 }), []);
    if (found[0] !== id || found[1] !== length) return false;
  }
  return true;
}

async function findBase(candidates: readonly number[], words: ReadWords): Promise<number> {
  for (const base of candidates) {
    const found = await unlessRefused(words(base, MARKER.length), null);
    if (found && MARKER.every((word, index) => found[index] === word)) return base;
  }
  throw new EvError("EV_METER_NOT_FOUND", `no SunSpec device: the marker "SunS" is not at ${candidates.join(", ")}`);
}

async function walk(
  start: number,
  words: ReadWords,
  isEnough: (blocks: readonly SunSpecBlock[]) => boolean,
): Promise<SunSpecBlock[]> {
  const blocks: SunSpecBlock[] = [];
  let address = start;
  let subdevice = -1;
  while (blocks.length < MOST_BLOCKS && address + 2 <= 65_536 && !isEnough(blocks)) {
    // Some devices end without the end marker: what lies behind is refused.
    const [id = END, length = 0] = await unlessRefused(words(address, 2), []);
    if (id === END) break;
    if (id === COMMON) subdevice++;
    blocks.push({ id, address, length, subdevice: Math.max(0, subdevice) });
    address += 2 + length;
  }
  return blocks;
}

async function unlessRefused<T, R>(reply: Promise<T>, refused: R): Promise<T | R> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ModbusException) return refused;
    throw error;
  }
}

/** The best model of the subdevice that is asked for, and its companions; empty when there is none. */
function chooseModels(sunspec: SunSpec, blocks: readonly SunSpecBlock[]): SunSpecBlock[] {
  const best = sunspec.modelPreference.map((id) => blockOf(sunspec, blocks, id)).find((block) => block !== null);
  if (!best) return [];
  const companions = (sunspec.companions ?? []).map((id) => blockOf(sunspec, blocks, id));
  return [best, ...companions.filter((block) => block !== null)];
}

function blockOf({ subdevice, models }: SunSpec, blocks: readonly SunSpecBlock[], id: string): SunSpecBlock | null {
  const fitting = blocks.filter((block) => String(block.id) === id && block.length >= (models[id]?.length ?? 0));
  const own = fitting.find((block) => block.subdevice === subdevice);
  // A device that asks for no subdevice takes the first one that has the model.
  return own ?? (subdevice === 0 ? fitting[0] : undefined) ?? null;
}

/** Whether nothing better can follow: the preferred model was seen in its place, with all companions. */
function isSettled(sunspec: SunSpec, blocks: readonly SunSpecBlock[]): boolean {
  const wanted = [sunspec.modelPreference[0] as string, ...(sunspec.companions ?? [])];
  return wanted.every((id) => blocks.some((block) => String(block.id) === id && block.subdevice === sunspec.subdevice));
}

function notFound({ modelPreference, subdevice }: SunSpec, blocks: readonly SunSpecBlock[]): EvError {
  const seen = blocks.map((block) => (block.subdevice > 0 ? `${block.id} (subdevice ${block.subdevice})` : block.id));
  const where = subdevice > 0 ? ` in subdevice ${subdevice}` : "";
  return new EvError(
    "EV_METER_NOT_FOUND",
    `the SunSpec device has none of the models ${modelPreference.join(", ")}${where}; it has ${seen.join(", ") || "none"}`,
  );
}
